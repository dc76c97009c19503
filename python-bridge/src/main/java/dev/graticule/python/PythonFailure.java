package dev.graticule.python;

/** An exception of Python code that the engine called; Python keeps it under the key. */
public final class PythonFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long key;

    public PythonFailure(String message, long key) {
        super(message, null, false, false);
        this.key = key;
    }

    /** What Python finds its exception by. */
    public long key() {
        return key;
    }
}
