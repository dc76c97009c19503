package dev.graticule.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graticule.ErrorKind;
import dev.graticule.GraticuleException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The groups and arrays of a store, read from its metadata: which version it is follows from what is there, never from a
 * name. Consolidated metadata is read at once where there is some; otherwise the folders of groups are listed, those of
 * arrays never.
 */
final class Hierarchy {
    private static final int DEEPEST = 64;

    private final Store store;

    private Hierarchy(Store store) {
        this.store = store;
    }

    /**
     * The root of a store: a group, or a group of nothing but the one array that the store is.
     *
     * @return empty where the store holds no Zarr metadata at its root
     * @throws GraticuleException of kind SOURCE where the metadata of the root cannot be read
     */
    static Optional<GroupMetadata> read(Store store) {
        return new Hierarchy(store).root();
    }

    /** Whether a folder is a group, of whichever version; one with broken metadata is none. */
    static boolean isGroup(Path folder) {
        try {
            Store store = new DirectoryStore(folder);
            Optional<byte[]> version3 = store.read("zarr.json");
            return version3.isPresent()
                    ? Json.object(version3.get()).path("node_type").asText().equals("group")
                    : store.read(".zgroup").isPresent();
        } catch (IOException | MalformedMetadata failure) {
            return false;
        }
    }

    private Optional<GroupMetadata> root() {
        try {
            Optional<ObjectNode> version3 = object("zarr.json");
            if (version3.isPresent()) {
                return Optional.of(rootV3(version3.get()));
            }
            Optional<ObjectNode> consolidated = object(".zmetadata");
            if (consolidated.isPresent()) {
                return Optional.of(consolidatedV2(Json.objectAt(consolidated.get(), "metadata")));
            }
            if (store.read(".zgroup").isPresent()) {
                return Optional.of(groupV2("", 0));
            }
            return store.read(".zarray").map(bytes -> single(arrayV2("", bytes)));
        } catch (IOException failure) {
            throw unreadable("", failure);
        } catch (MalformedMetadata failure) {
            throw GraticuleException.source(
                    "The metadata of " + store.describe("") + " cannot be read: " + failure.getMessage() + ".",
                    failure);
        }
    }

    private Optional<ObjectNode> object(String key) throws IOException, MalformedMetadata {
        Optional<byte[]> bytes = store.read(key);
        return bytes.isEmpty() ? Optional.empty() : Optional.of(objectOf(key, bytes.get()));
    }

    private ObjectNode objectOf(String key, byte[] bytes) throws MalformedMetadata {
        try {
            return Json.object(bytes);
        } catch (MalformedMetadata failure) {
            throw new MalformedMetadata(store.describe(key) + ": " + failure.getMessage());
        }
    }

    private GraticuleException unreadable(String key, IOException failure) {
        return GraticuleException.source("Cannot read " + store.describe(key) + ": " + reason(failure) + ".", failure);
    }

    /** What an I/O failure says, with its kind where the message alone is only a file's name. */
    static String reason(IOException failure) {
        return switch (failure) {
            case java.nio.file.AccessDeniedException denied -> "permission denied";
            case java.nio.file.NoSuchFileException absent -> "it does not exist";
            case java.nio.file.NotDirectoryException file -> "it is not a folder";
            default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        };
    }

    private static GroupMetadata single(ArrayMetadata array) {
        TreeMap<String, ArrayMetadata> arrays = new TreeMap<>();
        arrays.put("", array);
        return new GroupMetadata("", Json.emptyObject(), arrays, new TreeMap<>());
    }

    private static GroupMetadata emptyGroup(String path, ObjectNode attributes) {
        return new GroupMetadata(path, attributes, new TreeMap<>(), new TreeMap<>());
    }

    private static String child(String parent, String name) {
        return parent.isEmpty() ? name : parent + "/" + name;
    }

    private ArrayMetadata broken(String path, String file, int version, String reason) {
        return new ArrayMetadata(path, store.describe(file), version, new long[0], List.of(), "", List.of(),
                Json.emptyObject(),
                new Encoding.Undecodable(ErrorKind.SOURCE, reason));
    }

    // Version 3

    private GroupMetadata rootV3(ObjectNode root) throws MalformedMetadata, IOException {
        String type = root.path("node_type").asText();
        int version = root.path("zarr_format").asInt();
        if (version != 3) {
            throw new MalformedMetadata(store.describe("zarr.json") + ": 'zarr_format' is "
                    + Json.shortened(root.path("zarr_format")) + ", expected 3");
        }
        return switch (type) {
            case "array" -> single(MetadataV3.array("", store.describe("zarr.json"), root));
            case "group" -> groupV3("", root, 0);
            default -> throw new MalformedMetadata(
                    store.describe("zarr.json") + ": 'node_type' is " + Json.shortened(root.path("node_type"))
                            + ", expected \"group\" or \"array\"");
        };
    }

    private GroupMetadata groupV3(String path, ObjectNode group, int depth) throws MalformedMetadata, IOException {
        GroupMetadata result = emptyGroup(path, Json.objectAt(group, "attributes"));
        JsonNode consolidated = group.path("consolidated_metadata").path("metadata");
        if (consolidated instanceof ObjectNode nodes) {
            for (Map.Entry<String, JsonNode> entry : nodes.properties()) {
                place(result, path, entry.getKey(), entry.getValue(),
                        store.describe(child(path, "zarr.json")) + ", entry " + entry.getKey());
            }
            return result;
        }
        if (depth == DEEPEST) {
            return result;
        }
        for (String name : store.folders(path)) {
            String key = child(path, name);
            String file = key + "/zarr.json";
            try {
                Optional<ObjectNode> node = object(file);
                if (node.isPresent() && node.get().path("node_type").asText().equals("group")) {
                    result.groups().put(name, groupV3(key, node.get(), depth + 1));
                } else if (node.isPresent()) {
                    result.arrays().put(name, MetadataV3.array(key, store.describe(file), node.get()));
                }
            } catch (MalformedMetadata failure) {
                result.arrays().put(name, broken(key, file, 3, failure.getMessage()));
            } catch (IOException failure) {
                result.arrays().put(name, broken(key, file, 3, reason(failure)));
            }
        }
        return result;
    }

    private void place(GroupMetadata top, String base, String relative, JsonNode node, String location)
            throws MalformedMetadata {
        String[] parts = relative.split("/");
        GroupMetadata parent = descend(top, parts, parts.length - 1);
        String name = parts[parts.length - 1];
        String path = child(base, relative);
        if (node.path("node_type").asText().equals("group")) {
            GroupMetadata old = parent.groups().get(name);
            GroupMetadata group = emptyGroup(path, Json.objectAt(node, "attributes"));
            if (old != null) {
                group.arrays().putAll(old.arrays());
                group.groups().putAll(old.groups());
            }
            parent.groups().put(name, group);
        } else if (node instanceof ObjectNode array) {
            parent.arrays().put(name, MetadataV3.array(path, location, array));
        } else {
            parent.arrays().put(name, broken(path, child(base, "zarr.json"), 3, "its entry is not an object"));
        }
    }

    private static GroupMetadata descend(GroupMetadata top, String[] parts, int count) {
        GroupMetadata group = top;
        for (int i = 0; i < count; i++) {
            String path = child(group.path(), parts[i]);
            group = group.groups().computeIfAbsent(parts[i], name -> emptyGroup(path, Json.emptyObject()));
        }
        return group;
    }

    // Version 2

    private GroupMetadata consolidatedV2(ObjectNode entries) throws MalformedMetadata {
        GroupMetadata root = emptyGroup("", Json.objectAt(entries, ".zattrs"));
        if (entries.get(".zarray") instanceof ObjectNode array) {
            return single(MetadataV2.array("", store.describe(".zmetadata"), array, root.attributes()));
        }
        List<String> keys = new ArrayList<>();
        entries.fieldNames().forEachRemaining(keys::add);
        for (String key : keys) {
            if (!key.endsWith("/.zarray") && !key.endsWith("/.zgroup")) {
                continue;
            }
            String path = key.substring(0, key.lastIndexOf('/'));
            String[] parts = path.split("/");
            ObjectNode attributes = Json.objectAt(entries, path + "/.zattrs");
            if (key.endsWith("/.zgroup")) {
                descend(root, parts, parts.length).attributes().setAll(attributes);
            } else {
                GroupMetadata parent = descend(root, parts, parts.length - 1);
                String name = parts[parts.length - 1];
                parent.arrays().put(name,
                        entries.get(key) instanceof ObjectNode array
                                ? MetadataV2.array(path, store.describe(".zmetadata") + ", entry " + key, array,
                                        attributes)
                                : broken(path, ".zmetadata", 2, "the entry '" + key + "' is not an object"));
            }
        }
        return root;
    }

    private GroupMetadata groupV2(String path, int depth) throws IOException, MalformedMetadata {
        Optional<ObjectNode> attributes = object(child(path, ".zattrs"));
        GroupMetadata result = emptyGroup(path, attributes.isPresent() ? attributes.get() : Json.emptyObject());
        if (depth == DEEPEST) {
            return result;
        }
        for (String name : store.folders(path)) {
            String key = child(path, name);
            Optional<byte[]> array = store.read(key + "/.zarray");
            if (array.isPresent()) {
                result.arrays().put(name, arrayV2(key, array.get()));
            } else if (store.read(key + "/.zgroup").isPresent()) {
                try {
                    result.groups().put(name, groupV2(key, depth + 1));
                } catch (MalformedMetadata failure) {
                    result.arrays().put(name, broken(key, key + "/.zgroup", 2, failure.getMessage()));
                }
            }
        }
        return result;
    }

    private ArrayMetadata arrayV2(String path, byte[] array) {
        String file = child(path, ".zarray");
        try {
            Optional<ObjectNode> attributes = object(child(path, ".zattrs"));
            return MetadataV2.array(path, store.describe(file), objectOf(file, array),
                    attributes.isPresent() ? attributes.get() : Json.emptyObject());
        } catch (MalformedMetadata failure) {
            return broken(path, file, 2, failure.getMessage());
        } catch (IOException failure) {
            return broken(path, file, 2, reason(failure));
        }
    }
}
