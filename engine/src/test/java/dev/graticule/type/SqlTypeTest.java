package dev.graticule.type;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTypeTest {
    /** Whichever class a program meets first: each case loads and initialises the types anew. */
    @ParameterizedTest
    @ValueSource(strings = {"SqlType$Scalar", "SqlType$Timestamp", "SqlType$Decimal", "SqlType", "NamedTypes"})
    void no_constant_is_null_whichever_class_is_initialised_first(String first) throws Exception {
        ClassLoader fresh = new Fresh();
        Class.forName(SqlType.class.getPackageName() + "." + first, true, fresh);
        Class<?> type = fresh.loadClass(SqlType.class.getName());
        Class<?> scalar = fresh.loadClass(SqlType.Scalar.class.getName());
        for (Field field : type.getFields()) {
            field.setAccessible(true);
            Object constant = field.get(null);
            assertNotNull(constant, field.getName());
            if (scalar.isInstance(constant)) {
                assertSame(scalar.getField(field.getName()).get(null), constant);
            }
        }
        assertNotNull(type.getField("TIMESTAMP_WITH_TIME_ZONE"));
        assertNotNull(type.getField("INTERVAL"));
    }

    /** Defines the classes of this package itself. */
    private static final class Fresh extends ClassLoader {
        Fresh() {
            super(SqlTypeTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(SqlType.class.getPackageName() + ".")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream bytes = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] code = bytes.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
        }
    }
}
