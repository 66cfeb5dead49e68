package ledger.benchmarks.rival;

import java.util.Arrays;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.modelling.command.AggregateAnnotationCommandHandler;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/**
 * A Spring Boot application with one of Axon's storage engines. No authentication, no idempotency keys, no claims, no metrics, no
 * limits on rates and no read model: all that it has to do is to store the event.
 */
@Configuration(proxyBeanMethods = false)
@Import(AgreementController.class)
class Rival {

    /** {@code jpa} or {@code jdbc}, then settings of Spring Boot. */
    public static void main(String... arguments) {
        Class<?> engine = arguments[0].equals("jpa") ? JpaEngine.class : JdbcEngine.class;
        new SpringApplication(Rival.class, engine).run(Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    @Bean
    static Serializer serializer() {
        // Axon's default is XStream. A token says of which class it is, which Jackson has to be allowed to believe.
        return Jackson3Serializer.builder()
                .jsonMapperBuilderCustomizer(
                        json -> json.polymorphicTypeValidator(BasicPolymorphicTypeValidator.builder()
                                .allowIfBaseType(TrackingToken.class)
                                .build()))
                .build();
    }

    @Bean
    static TransactionManager transactions(PlatformTransactionManager spring) {
        return () -> {
            TransactionStatus status = spring.getTransaction(null);
            return new Transaction() {
                @Override
                public void commit() {
                    spring.commit(status);
                }

                @Override
                public void rollback() {
                    if (!status.isCompleted()) {
                        spring.rollback(status);
                    }
                }
            };
        };
    }

    @Bean
    static EmbeddedEventStore store(EventStorageEngine engine) {
        return EmbeddedEventStore.builder().storageEngine(engine).build();
    }

    @Bean
    static EventSourcingRepository<Agreement> agreements(EmbeddedEventStore store) {
        return EventSourcingRepository.builder(Agreement.class)
                .eventStore(store)
                .build();
    }

    @Bean
    static CommandGateway commands(EventSourcingRepository<Agreement> agreements, TransactionManager transactions) {
        SimpleCommandBus bus =
                SimpleCommandBus.builder().transactionManager(transactions).build();
        AggregateAnnotationCommandHandler.<Agreement>builder()
                .aggregateType(Agreement.class)
                .repository(agreements)
                .build()
                .subscribe(bus);
        return DefaultCommandGateway.builder().commandBus(bus).build();
    }
}
