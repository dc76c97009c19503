package dev.graticule.exec;

/** A streaming step of a pipeline. Stateless; its running form is a {@link Stage} a worker. */
public interface Operator {
    /** The running form for one worker, which pushes to {@code downstream}. */
    Stage open(Worker worker, Stage downstream);

    /** One line for EXPLAIN. */
    String describe();
}
