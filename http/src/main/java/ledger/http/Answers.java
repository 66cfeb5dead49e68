package ledger.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import ledger.api.Problem;

/**
 * The problems that an endpoint can answer beside those which all can; the API description names them. On the type of an
 * argument: what every endpoint that takes one can answer.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Answers {
    Problem[] value();
}
