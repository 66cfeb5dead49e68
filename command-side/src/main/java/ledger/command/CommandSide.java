package ledger.command;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The command side alone, over a PostgreSQL given by URL. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
@Import(CommandConfiguration.class)
public class CommandSide {

    public static void main(String[] arguments) {
        // A name of its own: two application.yml on one class path would shadow each other.
        System.setProperty("spring.config.name", "command-side");
        SpringApplication.run(CommandSide.class, arguments);
    }
}
