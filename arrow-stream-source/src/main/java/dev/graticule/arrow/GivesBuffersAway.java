package dev.graticule.arrow;

/** A reader that loads every batch into other buffers than the one before, whose buffers others may keep. */
interface GivesBuffersAway {
}
