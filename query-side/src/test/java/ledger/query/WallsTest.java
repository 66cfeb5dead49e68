package ledger.query;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

@AnalyzeClasses(packages = "ledger.query", importOptions = ImportOption.DoNotIncludeTests.class)
class WallsTest {

    private static final DescribedPredicate<JavaClass> FOLD =
            describe("folds", type -> type.getName().matches(".*\\.(\\w+Fold|Totals)(\\$.*)?"));

    private static final DescribedPredicate<JavaClass> PURE =
            FOLD.or(JavaClass.Predicates.resideInAnyPackage("java..", "ledger.api..", "org.jspecify.."));

    @ArchTest
    static final ArchRule folds_are_pure = classes().that(FOLD).should().onlyDependOnClassesThat(PURE);

    @ArchTest
    static final ArchRule folds_read_no_clock = noClasses().that(FOLD).should().callMethod(Instant.class, "now");

    @ArchTest
    static final ArchRule the_query_side_does_not_know_the_command_side =
            noClasses().should().dependOnClassesThat().resideInAPackage("ledger.command..");
}
