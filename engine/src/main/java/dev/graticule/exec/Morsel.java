package dev.graticule.exec;

/** A piece of a source's work that one worker does at a time. */
public interface Morsel {
    /** Its number in storage order, from 0. */
    long ordinal();

    /** Pushes its batches in order, until the stage wants no more. */
    void run(Worker worker, Stage stage);
}
