package ledger.command;

import org.springframework.boot.context.properties.ConfigurationProperties;

/** The PostgreSQL that holds the truth; {@code connections} bounds how many streams are read at once. */
@ConfigurationProperties("ledger.database")
record LedgerDatabase(String url, String user, String password, int connections) {}
