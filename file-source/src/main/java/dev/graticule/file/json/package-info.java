/** JSON files: an array of objects, or an object a line. */
package dev.graticule.file.json;
