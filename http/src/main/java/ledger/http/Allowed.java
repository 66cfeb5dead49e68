package ledger.http;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Who may call an endpoint: whoever has one of these roles. Every endpoint says so; the application does not start with one that
 * does not. Where {@link Role#CUSTOMER} is among them, {@link Caller#owner()} says whose subscriptions it is about.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Allowed {
    Role[] value();
}
