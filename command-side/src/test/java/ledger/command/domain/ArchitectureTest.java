package ledger.command.domain;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Locale;
import java.util.TimeZone;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The walls of the command side and of what can be said to it. */
@AnalyzeClasses(packages = "ledger", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String API = "ledger.api";
    private static final String DOMAIN = "ledger.command.domain";

    @ArchTest
    static final ArchRule what_can_be_said_is_plain_java = classes()
            .that()
            .resideInAPackage(API)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify.annotations", "com.fasterxml.jackson.annotation", API);

    @ArchTest
    static final ArchRule what_is_decided_is_plain_java = classes()
            .that()
            .resideInAPackage(DOMAIN)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify.annotations", API, DOMAIN);

    @ArchTest
    static final ArchRule time_and_chance_come_from_outside =
            noClasses().that().resideInAnyPackage(API, DOMAIN).should().accessTargetWhere(asksTheWorld());

    @ArchTest
    static final ArchRule nobody_holds_a_clock_or_a_die = noClasses()
            .that()
            .resideInAnyPackage(API, DOMAIN)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(RandomGenerator.class);

    @ArchTest
    static final ArchRule money_and_time_are_never_floating = noFields()
            .that()
            .areDeclaredInClassesThat()
            .resideInAnyPackage(API, DOMAIN)
            .should()
            .haveRawType(double.class)
            .orShould()
            .haveRawType(float.class)
            .orShould()
            .haveRawType(Double.class)
            .orShould()
            .haveRawType(Float.class);

    @ArchTest
    static final ArchRule the_sides_do_not_know_each_other = noClasses()
            .that()
            .resideInAPackage("ledger.command..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ledger.query..");

    private static DescribedPredicate<JavaAccess<?>> asksTheWorld() {
        return target(owner(JavaClass.Predicates.resideInAPackage("java.time.."))
                        .and(name("now")))
                .or(target(owner(JavaClass.Predicates.type(ZoneId.class)).and(name("systemDefault"))))
                .or(target(owner(JavaClass.Predicates.type(TimeZone.class)).and(name("getDefault"))))
                .or(target(owner(JavaClass.Predicates.type(Locale.class)).and(name("getDefault"))))
                .or(target(owner(JavaClass.Predicates.type(UUID.class)).and(name("randomUUID"))))
                .or(target(owner(JavaClass.Predicates.type(System.class)).and(name("currentTimeMillis"))))
                .or(target(owner(JavaClass.Predicates.type(System.class)).and(name("nanoTime"))))
                .or(target(owner(JavaClass.Predicates.type(Math.class)).and(name("random"))))
                .as("ask for the time, the place or a random number");
    }
}
