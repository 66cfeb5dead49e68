package ledger.issuer;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import ledger.api.Problem;
import ledger.api.Rejected;
import ledger.http.IdempotencyKey;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was answered to requests with an idempotency key, kept with what they did, so that a repeat gets the same secret again. Requests
 * and answers are full of secrets: they are encrypted by the key itself, of which the database has a hash.
 */
final class Repeats {

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    private record Kept(JsonNode request, JsonNode answer) {}

    /** What was answered, or that nothing came of it. */
    private record Outcome<T>(@Nullable T answer, @Nullable Rejected refusal) {}

    private final JdbcClient database;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    Repeats(DataSource database, JsonMapper json) {
        this.database = JdbcClient.create(database);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        this.json = json;
    }

    /** Does it, or answers what was answered when the same request came with this key. {@code scope} is whose keys they are. */
    <T> T once(String scope, IdempotencyKey key, Object request, Class<T> type, Supplier<T> work) {
        if (key.value() == null) {
            return work.get();
        }
        String secret = scope + "\n" + key.value();
        Outcome<T> outcome = transaction.execute(_ -> attempt(secret, request, type, work));
        if (outcome.refusal != null) {
            throw outcome.refusal;
        }
        return Objects.requireNonNull(outcome.answer);
    }

    /** Whoever comes second waits for the first one's commit. A refusal is no answer to keep, but what it did stays. */
    private <T> Outcome<T> attempt(String secret, Object request, Class<T> type, Supplier<T> work) {
        byte[] id = Secrets.hash("id\n" + secret);
        boolean isFirst = database.sql("insert into accounts.answer (id) values (?) on conflict do nothing")
                        .param(id)
                        .update()
                > 0;
        if (!isFirst) {
            return new Outcome<>(again(id, secret, request, type), null);
        }
        try {
            T answer = work.get();
            byte[] kept = json.writeValueAsBytes(new Kept(json.valueToTree(request), json.valueToTree(answer)));
            database.sql("update accounts.answer set sealed = ? where id = ?")
                    .params(encrypted(kept, secret), id)
                    .update();
            return new Outcome<>(answer, null);
        } catch (Rejected refusal) {
            database.sql("delete from accounts.answer where id = ?").param(id).update();
            return new Outcome<>(null, refusal);
        }
    }

    private <T> T again(byte[] id, String secret, Object request, Class<T> type) {
        byte[] sealed = database.sql("select sealed from accounts.answer where id = ?")
                .param(id)
                .query((row, _) -> row.getBytes(1))
                .single();
        Kept kept = json.readValue(decrypted(sealed, secret), Kept.class);
        if (!kept.request.equals(json.valueToTree(request))) {
            throw Problem.IDEMPOTENCY_KEY_REUSED.because("the key was used for another request before");
        }
        return json.treeToValue(kept.answer, type);
    }

    private static byte[] encrypted(byte[] text, String secret) {
        byte[] nonce = Arrays.copyOf(Secrets.random().getBytes(StandardCharsets.US_ASCII), NONCE);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, secret, nonce, text);
        byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
        System.arraycopy(sealed, 0, all, NONCE, sealed.length);
        return all;
    }

    private static byte[] decrypted(byte[] sealed, String secret) {
        return crypt(
                Cipher.DECRYPT_MODE,
                secret,
                Arrays.copyOf(sealed, NONCE),
                Arrays.copyOfRange(sealed, NONCE, sealed.length));
    }

    private static byte[] crypt(int mode, String secret, byte[] nonce, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            SecretKeySpec key = new SecretKeySpec(Secrets.hash("key\n" + secret), "AES");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an answer cannot be kept, or is not the one that was", e);
        }
    }
}
