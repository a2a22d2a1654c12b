package io.jobwatch.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/** What can be done with subjects and their versions. Thread-safe; changes run one after the other. */
final class Subjects {
    private final SchemaStore store;

    Subjects(SchemaStore store) {
        this.store = store;
    }

    /** {@return the id of the schema, which is registered as a new version unless the subject has it} */
    synchronized int register(String subject, String text) {
        Schema schema = parsed(text);
        String canonical = schema.toString();
        List<SchemaVersion> live = store.state().versions(subject, false);
        Optional<SchemaVersion> known = live.stream().filter(version -> version.schema().equals(canonical)).findFirst();
        if (known.isPresent()) {
            return known.get().id();
        }
        requireWritable(subject);
        List<String> conflicts = conflicts(subject, schema, live);
        if (!conflicts.isEmpty()) {
            throw new RegistryFailure(409, 409, "Schema being registered is incompatible with an earlier schema for subject \"" + subject
                    + "\", compatibility level " + store.state().effectiveLevel(subject) + ", details: " + conflicts);
        }
        int version = store.state().versions(subject, true).stream().mapToInt(SchemaVersion::version).max().orElse(0) + 1;
        int id = store.state().id(canonical).orElseGet(store.state()::nextId);
        store.write(LogRecords.schemaKey(subject, version),
                LogRecords.schemaValue(new SchemaVersion(subject, version, id, canonical, false)));
        return id;
    }

    /** {@return the version of the subject that has this schema} */
    SchemaVersion lookup(String subject, String text, boolean deletedToo) {
        String canonical = parsed(text).toString();
        return existing(subject, deletedToo).stream().filter(version -> version.schema().equals(canonical)).findFirst()
                .orElseThrow(RegistryFailure::schemaNotFound);
    }

    /** {@return all versions of the subject, oldest first, at least one} */
    List<SchemaVersion> existing(String subject, boolean deletedToo) {
        List<SchemaVersion> versions = store.state().versions(subject, deletedToo);
        if (versions.isEmpty()) {
            throw RegistryFailure.subjectNotFound(subject);
        }
        return versions;
    }

    /** {@return a version by its number, or the newest for {@code latest} and {@code -1}} */
    SchemaVersion version(String subject, String reference, boolean deletedToo) {
        int number = number(reference);
        List<SchemaVersion> versions = existing(subject, deletedToo);
        return number < 0 ? versions.get(versions.size() - 1) : versions.stream().filter(version -> version.version() == number).findFirst()
                .orElseThrow(() -> RegistryFailure.versionNotFound(reference));
    }

    /** {@return what keeps the schema from becoming the next version; with a reference, compared with that version only} */
    List<String> conflicts(String subject, String text, Optional<String> reference) {
        Schema schema = parsed(text);
        List<SchemaVersion> live = store.state().versions(subject, false);
        if (reference.isPresent() && !(live.isEmpty() && number(reference.get()) < 0)) {
            live = List.of(version(subject, reference.get(), false));
        }
        return conflicts(subject, schema, live);
    }

    private List<String> conflicts(String subject, Schema schema, List<SchemaVersion> versions) {
        return store.state().effectiveLevel(subject).conflicts(schema, versions.stream().map(version -> stored(version.schema())).toList());
    }

    /** {@return the numbers of the deleted versions} Without {@code permanent} they only stop being offered. */
    synchronized List<Integer> delete(String subject, boolean permanent) {
        List<SchemaVersion> versions = existing(subject, true);
        boolean live = versions.stream().anyMatch(version -> !version.deleted());
        requireWritable(subject);
        if (!permanent) {
            if (!live) {
                throw new RegistryFailure(404, 40404,
                        "Subject '" + subject + "' was soft deleted. Set permanent=true to delete permanently");
            }
            List<Integer> deleted = store.state().versions(subject, false).stream().map(SchemaVersion::version).toList();
            store.write(LogRecords.deleteSubjectKey(subject), LogRecords.deleteSubjectValue(subject, deleted.get(deleted.size() - 1)));
            return deleted;
        }
        if (live) {
            throw new RegistryFailure(404, 40405, "Subject '" + subject + "' was not deleted first before being permanently deleted");
        }
        versions.forEach(this::purge);
        store.write(LogRecords.deleteSubjectKey(subject), null);
        store.write(LogRecords.configKey(subject), null);
        store.write(LogRecords.modeKey(subject), null);
        return versions.stream().map(SchemaVersion::version).toList();
    }

    /** {@return the number of the deleted version} Without {@code permanent} it only stops being offered. */
    synchronized int deleteVersion(String subject, String reference, boolean permanent) {
        SchemaVersion version = version(subject, reference, true);
        requireWritable(subject);
        if (permanent && !version.deleted()) {
            throw new RegistryFailure(404, 40407, "Subject '" + subject + "' Version " + version.version()
                    + " was not deleted first before being permanently deleted");
        }
        if (permanent) {
            purge(version);
        } else if (version.deleted()) {
            throw new RegistryFailure(404, 40406, "Subject '" + subject + "' Version " + version.version()
                    + " was soft deleted. Set permanent=true to delete permanently");
        } else {
            store.write(LogRecords.schemaKey(subject, version.version()), LogRecords.schemaValue(version.asDeleted()));
        }
        return version.version();
    }

    /** Records of the topics may still carry the id: it is written down before its last trace goes, and never given again. */
    private void purge(SchemaVersion version) {
        store.write(LogRecords.lastIdKey(), LogRecords.lastIdValue(store.state().lastId()));
        store.write(LogRecords.schemaKey(version.subject(), version.version()), null);
    }

    private void requireWritable(String subject) {
        if (!store.state().effectiveMode(subject).equals(RegistryModes.READWRITE)) {
            throw new RegistryFailure(422, 42205, "Subject " + subject + " is in read-only mode");
        }
    }

    private static int number(String reference) {
        if (reference.equals("latest") || reference.equals("-1")) {
            return -1;
        }
        if (!reference.matches("[1-9][0-9]{0,9}") || Long.parseLong(reference) > Integer.MAX_VALUE) {
            throw RegistryFailure.invalidVersion(reference);
        }
        return Integer.parseInt(reference);
    }

    private static Schema parsed(String text) {
        try {
            return new Schema.Parser().parse(text);
        } catch (AvroRuntimeException e) {
            throw RegistryFailure.invalidSchema(
                    e.getCause() instanceof JsonProcessingException json ? "not JSON: " + json.getOriginalMessage() : e.getMessage());
        } catch (NullPointerException e) {
            // What Avro 1.12 throws when the whole schema is a name.
            throw RegistryFailure.invalidSchema("a type is not defined in it");
        }
    }

    /** Registered under the rules of its day: it is not judged again. */
    private static Schema stored(String text) {
        return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(text);
    }
}
