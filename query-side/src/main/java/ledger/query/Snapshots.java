package ledger.query;

import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Several questions about one moment. Names of tables follow a switch at once, even inside of a snapshot that was taken before; so
 * a switch waits until those snapshots are read.
 */
@Component
public class Snapshots {

    private final JdbcClient database;
    private final TransactionTemplate transactions;

    Snapshots(DataSource database) {
        this.database = JdbcClient.create(database);
        this.transactions = new TransactionTemplate(new JdbcTransactionManager(database));
        this.transactions.setReadOnly(true);
        this.transactions.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    /** Through which the questions are asked. */
    public JdbcClient database() {
        return database;
    }

    public <T> T read(Supplier<T> questions) {
        return transactions.execute(_ -> {
            database.sql("lock table views.switch in access share mode").update(); // takes no snapshot yet
            return questions.get();
        });
    }
}
