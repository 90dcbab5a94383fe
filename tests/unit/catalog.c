/*
 * The table of event types: complete, and sensible about types that it does not have.
 */
#include <criterion/criterion.h>
#include <locale.h>
#include <string.h>
#include <wchar.h>

#include "catalog.h"

static const struct {
    const char *type;
    bool known;
    enum entity_kind entity;
    enum outcome outcome;
} types[] = {
    {"task.completed", true, ENTITY_TASK, OUTCOME_OK},
    {"task.failed", true, ENTITY_TASK, OUTCOME_FAILED},
    {"task.cancelled", true, ENTITY_TASK, OUTCOME_CANCELLED},
    {"task.healed", true, ENTITY_TASK, OUTCOME_HEALED},
    {"session.completed", true, ENTITY_SESSION, OUTCOME_OK},
    {"session.failed", true, ENTITY_SESSION, OUTCOME_FAILED},
    {"session.recording.ready", true, ENTITY_SESSION, OUTCOME_NEUTRAL},
    {"intervention.requested", true, ENTITY_INTERVENTION, OUTCOME_WAITING},
    {"intervention.resolved", true, ENTITY_INTERVENTION, OUTCOME_OK},
    {"batch.completed", true, ENTITY_BATCH, OUTCOME_OK},
    {"batch.failed", true, ENTITY_BATCH, OUTCOME_FAILED},
    {"identity.authenticated", true, ENTITY_IDENTITY, OUTCOME_OK},
    {"identity.authentication_failed", true, ENTITY_IDENTITY, OUTCOME_FAILED},

    {"task.paused", false, ENTITY_TASK, OUTCOME_NEUTRAL},
    {"export.failed", false, ENTITY_OTHER, OUTCOME_FAILED},
    {"session.upload_failed", false, ENTITY_SESSION, OUTCOME_FAILED},
    {"export.chunk.completed", false, ENTITY_OTHER, OUTCOME_OK},
    {"export.requested", false, ENTITY_OTHER, OUTCOME_NEUTRAL},
    {"batch.canceled", false, ENTITY_BATCH, OUTCOME_CANCELLED},
    {"task", false, ENTITY_TASK, OUTCOME_NEUTRAL},
    {"tasks.failed", false, ENTITY_OTHER, OUTCOME_FAILED},
    {"tas.failed", false, ENTITY_OTHER, OUTCOME_FAILED},
    {"task.unfailed", false, ENTITY_TASK, OUTCOME_NEUTRAL},
    {"task.", false, ENTITY_TASK, OUTCOME_NEUTRAL},
    {".", false, ENTITY_OTHER, OUTCOME_NEUTRAL},
    {"", false, ENTITY_OTHER, OUTCOME_NEUTRAL},
};

Test(catalog, types)
{
    size_t known = 0;

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        const char *type = types[i].type;
        const struct event_type *row = catalog_find(type);

        known += types[i].known;
        cr_expect_eq(row != NULL, types[i].known, "%s", type);
        cr_expect_eq(catalog_entity(type), types[i].entity, "%s", type);
        cr_expect_eq(catalog_outcome(type), types[i].outcome, "%s", type);
        if (row) {
            cr_expect_str_eq(row->name, type);
            cr_expect_eq(row->entity, types[i].entity, "%s", type);
            cr_expect_eq(row->outcome, types[i].outcome, "%s", type);
        }
    }
    cr_expect_eq(known, catalog_size, "every row of the catalogue is in this test");
}

Test(catalog, a_label_keeps_the_word_that_differs)
{
    static const struct {
        const char *type, *label;
    } rows[] = {
        {"identity.authenticated", "logged in"},
        {"identity.authentication_failed", "login failed"},
        {"task.paused", "paused"},
        {"session.upload.failed", "upload.failed"},
        {"export.failed", "export.failed"},
        {"task.", "task."},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_str_eq(catalog_label(rows[i].type), rows[i].label, "%s", rows[i].type);
}

Test(catalog, tables_are_complete)
{
    cr_assert(setlocale(LC_CTYPE, "C.UTF-8"));

    for (size_t i = 0; i < catalog_size; i++) {
        cr_expect(catalog[i].meaning && *catalog[i].meaning, "%s", catalog[i].name);
        cr_expect(catalog[i].label && *catalog[i].label, "%s", catalog[i].name);
        cr_expect(strlen(catalog[i].label) <= CATALOG_LABEL, "%s", catalog[i].label);
        cr_expect(catalog[i].summary && *catalog[i].summary, "%s", catalog[i].name);
    }
    for (int kind = 0; kind < ENTITY_KINDS; kind++) {
        cr_expect(entity_infos[kind].name && entity_infos[kind].plural, "entity %d", kind);
        cr_expect_eq(entity_infos[kind].id_key == NULL, kind == ENTITY_OTHER, "entity %d", kind);
    }
    for (int outcome = 0; outcome < OUTCOMES; outcome++) {
        const struct outcome_info *info = &outcome_infos[outcome];
        wchar_t wide[4];

        cr_expect(info->name && *info->name, "outcome %d", outcome);
        cr_expect_eq(strlen(info->glyph_ascii), 1, "%s", info->name);
        cr_expect_eq(mbstowcs(wide, info->glyph, 4), 1, "%s", info->name);
        cr_expect_eq(wcwidth(wide[0]), 1, "%s", info->name);
        for (int other = 0; other < outcome; other++) {
            cr_expect_str_neq(info->glyph, outcome_infos[other].glyph);
            cr_expect_str_neq(info->glyph_ascii, outcome_infos[other].glyph_ascii);
        }
    }
}

Test(catalog, tells_ends_also_of_types_that_it_does_not_have)
{
    static const struct {
        const char *type;
        bool end;
    } rows[] = {
        {"session.completed", true},
        {"session.failed", true},
        {"task.cancelled", true},
        {"intervention.resolved", true},
        {"session.recording.ready", false},
        {"intervention.requested", false},
        {"task.healed", false},
        {"session.cancelled", true},
        {"session.timeout", true},
        {"session.timed_out", true},
        {"session.terminated", true},
        {"intervention.expired", true},
        {"session.paused", false},
        {"session.export_failed", false},
        {"session.login.failed", false},
        {"session", false},
        {"session.", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(catalog_is_end(rows[i].type), rows[i].end, "%s", rows[i].type);
}
