/*
 * The links page.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/entity_field.h"
#include "pages.h"

void page_links_build(struct detail *detail, int width, int64_t now_ms)
{
    (void)now_ms;
    struct lines *lines = &detail->lines;
    if (detail->subject.kind == SUBJECT_NONE)
        return;
    for (size_t i = 0; i < detail->links.count; i++) {
        /* The URL has a line to itself, so that a mouse can take it whole. */
        lines_begin(lines, i);
        lines_add(lines, ROLE_LABEL, detail->links.links[i].name);
        lines_begin(lines, i);
        lines_pad(lines, PAGE_INDENT);
        lines_wrap(lines, ROLE_LINK, detail->links.links[i].url, PAGE_INDENT, width);
    }
    if (detail->links.count == 0) {
        lines_begin(lines, 0);
        lines_add(lines, ROLE_DIM, "There are no links here.");
    }
}

/* Adds the URLs among the entity's own fields. */
static void add_fields(struct detail *detail)
{
    size_t count;
    const struct entity_field *fields_of = entity_fields(detail->entity->kind, &count);
    for (size_t i = 0; i < count; i++) {
        struct entity_value value;
        if (fields_of[i].type == FIELD_URL &&
            entity_field_get(&fields_of[i], detail->entity, 0, &value))
            link_list_add(&detail->links, fields_of[i].title, value.value.text);
    }
}

void page_links_collect(struct detail *detail)
{
    link_list_free(&detail->links);
    if (detail->entity) {
        /* What a human is needed for comes first. */
        if (detail->live_view)
            link_list_add(&detail->links, "Live view", detail->live_view);
        add_fields(detail);
        if (detail->dashboard)
            link_list_add(&detail->links, "Session dashboard", detail->dashboard);
    }
    if (!detail->event.json)
        return;
    struct link_list of_event = {.links = NULL};
    link_collect(&detail->event, &of_event);
    for (size_t i = 0; i < of_event.count; i++)
        link_list_add(&detail->links, of_event.links[i].name, of_event.links[i].url);
    link_list_free(&of_event);
}
