package dev.graticule.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The arrows between modules and between the engine's packages point one way. */
final class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.graticule");

    /** A class's module, from where its class file lies: in the module's target folder or in its jar. */
    private static final Pattern MODULE = Pattern
            .compile(
                    "/(sql-parser|engine|data|zarr-source|arrow-stream-source|file-source|cli|python-bridge)(?:/target/|-[0-9][^/]*\\.jar)");

    /** Each module with the modules that it may use. */
    private static final Map<String, List<String>> MAY_USE = Map.of("sql-parser", List.of(), "engine",
            List.of("sql-parser"), "data", List.of(), "zarr-source", List.of("engine"), "arrow-stream-source",
            List.of("engine"), "file-source", List.of("engine"), "cli",
            List.of("sql-parser", "engine", "zarr-source", "arrow-stream-source", "file-source"), "python-bridge",
            List.of("sql-parser", "engine", "zarr-source", "arrow-stream-source", "file-source"));

    @Test
    void a_module_uses_only_the_modules_below_it() {
        MAY_USE.forEach((module, below) -> noClasses().that(in(module)).should()
                .dependOnClassesThat(DescribedPredicate.describe("are in a module that " + module + " may not use",
                        used -> {
                            String other = moduleOf(used);
                            return !other.isEmpty() && !other.equals(module) && !below.contains(other);
                        }))
                .allowEmptyShould(true).check(CLASSES));
    }

    @Test
    void a_source_uses_only_the_engine_s_public_root_its_spi_batches_and_types() {
        Set<String> open = Set.of("dev.graticule", "dev.graticule.spi", "dev.graticule.batch", "dev.graticule.type");
        noClasses().that(in("zarr-source").or(in("arrow-stream-source")).or(in("file-source"))).should()
                .dependOnClassesThat(DescribedPredicate.describe("are inside the engine",
                        used -> moduleOf(used).equals("engine") && !open.contains(used.getPackageName())))
                .allowEmptyShould(true).check(CLASSES);
    }

    @Test
    void the_engine_s_packages_form_no_cycle() {
        slices().matching("dev.graticule.(*)..").should().beFreeOfCycles().allowEmptyShould(true)
                .check(CLASSES.that(in("engine")));
    }

    @Test
    void a_package_lies_in_one_module() {
        Map<String, Set<String>> modules = new TreeMap<>();
        for (JavaClass type : CLASSES) {
            modules.computeIfAbsent(type.getPackageName(), _ -> new TreeSet<>()).add(moduleOf(type));
        }
        modules.values().removeIf(found -> found.size() == 1);
        assertEquals(Map.of(), modules);
    }

    @Test
    void the_page_of_the_architecture_links_files_that_exist_under_their_class_s_name() throws IOException {
        Path page = Path.of("..", "docs", "ARCHITECTURE.md");
        List<String> wrong = Pattern.compile("\\[`?([^`\\]]+)`?\\]\\(([^)]+)\\)").matcher(Files.readString(page))
                .results()
                .filter(link -> !Files.exists(page.resolveSibling(link.group(2)))
                        || link.group(2).endsWith(".java") && !link.group(2).endsWith("/" + simpleName(link) + ".java"))
                .map(MatchResult::group).toList();
        assertEquals(List.of(), wrong);
    }

    /** {@code Engine} of {@code Engine.query}; a method alone is of a variable that is called as its class. */
    private static String simpleName(MatchResult link) {
        String name = link.group(1).replaceAll("\\..*", "");
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static DescribedPredicate<JavaClass> in(String module) {
        return DescribedPredicate.describe("are in " + module, type -> moduleOf(type).equals(module));
    }

    private static String moduleOf(JavaClass type) {
        return type.getSource().map(source -> {
            Matcher matcher = MODULE.matcher(source.getUri().toString());
            return matcher.find() ? matcher.group(1) : "";
        }).orElse("");
    }
}
