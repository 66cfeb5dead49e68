package ledger.query;

import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;

/** Transactions of the one who writes views, and sees those of all tenants: readers are somebody else. */
record JdbcTransactions(PlatformTransactionManager transactions, JdbcClient database) implements TransactionManager {

    @Override
    public Transaction startTransaction() {
        TransactionStatus status = transactions.getTransaction(null);
        try {
            database.sql("set local role ledger_projector").update();
        } catch (RuntimeException e) {
            transactions.rollback(status);
            throw e;
        }
        return new Transaction() {
            @Override
            public void commit() {
                transactions.commit(status);
            }

            @Override
            public void rollback() {
                transactions.rollback(status);
            }
        };
    }
}
