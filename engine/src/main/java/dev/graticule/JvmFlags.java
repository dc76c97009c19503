package dev.graticule;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** The flags that a JVM needs to run the engine, in the one place where they are written down: a resource, one a line. */
final class JvmFlags {
    private static final String RESOURCE = "jvm-flags.txt";

    private JvmFlags() {
    }

    /** All flags. */
    static List<String> all() {
        try (InputStream stream = JvmFlags.class.getResourceAsStream(RESOURCE)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip)
                    .filter(line -> line.startsWith("--")).toList();
        } catch (IOException problem) {
            throw GraticuleException.of(ErrorKind.INTERNAL, null, "The list of JVM flags cannot be read.", problem);
        }
    }

    /**
     * Refuses a JVM that lacks flags.
     *
     * @throws GraticuleException of kind RESOURCE that names the missing ones
     */
    static void check() {
        List<String> missing = all().stream().filter(JvmFlags::isMissing).toList();
        if (!missing.isEmpty()) {
            throw GraticuleException.of(ErrorKind.RESOURCE, null,
                    "This JVM was started without flags that the engine needs. Start it with: "
                            + missing.stream().collect(Collectors.joining(" ")),
                    null);
        }
    }

    /** A flag whose effect cannot be seen is taken as given. */
    private static boolean isMissing(String flag) {
        int equals = flag.indexOf('=');
        String name = equals < 0 ? flag : flag.substring(0, equals);
        String value = equals < 0 ? "" : flag.substring(equals + 1);
        return switch (name) {
            case "--add-modules" -> ModuleLayer.boot().findModule(value).isEmpty();
            case "--add-opens" -> {
                String module = value.substring(0, value.indexOf('/'));
                String opened = value.substring(value.indexOf('/') + 1, value.indexOf('='));
                yield ModuleLayer.boot().findModule(module)
                        .map(found -> !found.isOpen(opened, JvmFlags.class.getModule())).orElse(true);
            }
            case "--enable-native-access" -> !JvmFlags.class.getModule().isNativeAccessEnabled();
            default -> false;
        };
    }
}
