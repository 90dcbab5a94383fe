/*
 * The menus: types, links, what to copy, themes. The filters stand in menu_filters.c.
 */
#include "menus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/text.h"
#include "clip.h"
#include "osc.h"
#include "screen.h"
#include "state.h"

/* What the clipboard of common terminals takes at once (xterm's limit is near 100 kB). */
enum { CLIPBOARD_MAX = 74994 };

const struct link *best_link(struct ui *ui)
{
    ui_load_detail(ui);
    return ui->detail.links.count ? &ui->detail.links.links[0] : NULL;
}

/* Copies a text of ui/clip.h's making, or says why not. */
static void copy_clean(struct ui *ui, const char *text, bool whole)
{
    size_t length = strlen(text);
    if (length > CLIPBOARD_MAX) {
        ui_say(ui, ROLE_WARNING, "too long for the terminal's clipboard (%zu bytes)", length);
        return;
    }
    osc_clipboard(text, length);
    ui_say(ui, whole ? ROLE_MESSAGE : ROLE_WARNING, "copied%s: %s",
           whole ? "" : " without its invisible characters", text);
}

void copy_text(struct ui *ui, const char *text)
{
    char *line = clip_line(text);
    if (line)
        copy_clean(ui, line, strcmp(line, text) == 0);
    free(line);
}

void open_link(struct ui *ui, const struct link *link)
{
    char reason[200];
    if (link_open(link->url, reason, sizeof reason)) {
        ui_say(ui, ROLE_MESSAGE, "opening %s: %s", link->name, link->url);
        return;
    }
    char ignored[200];
    if (link_check(link->url, ignored, sizeof ignored)) {
        osc_clipboard(link->url, strlen(link->url)); /* checked: there is no such character in it */
        ui_say(ui, ROLE_WARNING, "%s; copied instead", reason);
    } else {
        ui_say(ui, ROLE_WARNING, "%s", reason);
    }
}

static void types_fill(struct ui *ui)
{
    const struct store *store = ui->config->store;
    const struct type_filter *filter = &ui_view(ui)->types;
    menu_clear(&ui->menu);
    store_lock(ui->config->store);
    for (size_t i = 0; i < store_type_count(store); i++) {
        const struct store_type *type = store_type(store, i);
        char count[32];
        text_count(count, sizeof count, (double)type->count);
        bool on = !(filter->hidden[i / 64] >> (i % 64) & 1) && !filter->hide_family[type->entity];
        menu_add(&ui->menu, i, type->count ? outcome_role(type->outcome) : ROLE_DIM,
                 on ? MENU_ON : MENU_OFF, type->name, count);
    }
    store_unlock(ui->config->store);
}

/* A family that is off as a whole becomes its single types, so that one of them can be on. */
static void spread_family(struct ui *ui, enum entity_kind family)
{
    struct type_filter *filter = &ui_view(ui)->types;
    if (!filter->hide_family[family])
        return;
    filter->hide_family[family] = false;
    const struct store *store = ui->config->store;
    store_lock(ui->config->store);
    for (size_t i = 0; i < store_type_count(store); i++)
        if (store_type(store, i)->entity == family)
            filter->hidden[i / 64] |= (uint64_t)1 << (i % 64);
    store_unlock(ui->config->store);
}

static void types_toggle(struct ui *ui, const struct menu_item *item)
{
    struct view *view = ui_view(ui);
    store_lock(ui->config->store);
    enum entity_kind family = store_type(ui->config->store, item->id)->entity;
    store_unlock(ui->config->store);
    spread_family(ui, family);
    view->types.hidden[item->id / 64] ^= (uint64_t)1 << (item->id % 64);
    view_filter_changed(view);
}

static void types_all(struct ui *ui)
{
    struct view *view = ui_view(ui);
    view->types = (struct type_filter){.failures_only = false};
    view_filter_changed(view);
}

static const struct menu_class menu_types = {
    .title = " Event types ",
    .hint = "Space on/off   a all   Esc back",
    .fill = types_fill,
    .live = true,
    .toggle = types_toggle,
    .all = types_all,
};

static void links_fill(struct ui *ui)
{
    ui_load_detail(ui);
    for (size_t i = 0; i < ui->detail.links.count; i++)
        menu_add(&ui->menu, i, ROLE_TEXT, MENU_NO_BOX, ui->detail.links.links[i].name,
                 ui->detail.links.links[i].url);
}

static void links_choose(struct ui *ui, const struct menu_item *item)
{
    if (item->id < ui->detail.links.count)
        open_link(ui, &ui->detail.links.links[item->id]);
}

static const struct menu_class menu_links = {
    .title = " Open a link ",
    .hint = "Enter open   Esc back",
    .empty = "This event has no links.",
    .fill = links_fill,
    .choose = links_choose,
};

enum copy_what { COPY_ID, COPY_SUBJECT, COPY_LINK, COPY_JSON, COPY_CURL, COPIES };

/* The text of a choice, to be freed; NULL when the event has none. */
static char *copy_of(const struct ui *ui, enum copy_what what)
{
    const struct detail *detail = &ui->detail;
    if (!detail->event.json)
        return NULL;
    switch (what) {
    case COPY_ID: return strdup(detail->event.id);
    case COPY_SUBJECT: return detail->event.subject ? strdup(detail->event.subject) : NULL;
    case COPY_LINK: return detail->links.count ? strdup(detail->links.links[0].url) : NULL;
    case COPY_JSON: return clip_json(detail->copy.raw, detail->copy.record.length);
    case COPY_CURL: return clip_curl(detail->copy.raw, detail->copy.record.length, ui->config->url);
    default: return NULL;
    }
}

static void copy_fill(struct ui *ui)
{
    enum { SHOWN = 400 };
    static const char *const labels[COPIES] = {
        [COPY_ID] = "Event id",
        [COPY_SUBJECT] = "Subject's id",
        [COPY_LINK] = "Link",
        [COPY_JSON] = "JSON",
        [COPY_CURL] = "curl line that delivers it again",
    };
    ui_load_detail(ui);
    const struct detail *detail = &ui->detail;
    for (int what = 0; what < COPIES && detail->event.json; what++) {
        /* Of the JSON, what there is to see of it: all of it may take a while. */
        bool json = what == COPY_JSON || what == COPY_CURL;
        char *text = json ? strndup(detail->copy.raw, SHOWN) : copy_of(ui, (enum copy_what)what);
        if (text)
            menu_add(&ui->menu, (uint64_t)what, ROLE_TEXT, MENU_NO_BOX, labels[what],
                     what == COPY_CURL ? "" : text);
        free(text);
    }
}

static void copy_choose(struct ui *ui, const struct menu_item *item)
{
    bool json = item->id == COPY_JSON || item->id == COPY_CURL;
    size_t length = ui->detail.copy.record.length;
    if (json &&
        length > 4 * CLIPBOARD_MAX) { /* white space that goes is not three quarters of it */
        ui_say(ui, ROLE_WARNING, "too long for the terminal's clipboard (%zu bytes)", length);
        return;
    }
    char *text = copy_of(ui, (enum copy_what)item->id);
    if (text && json)
        copy_clean(ui, text, true);
    else if (text)
        copy_text(ui, text);
    free(text);
}

static const struct menu_class menu_copy = {
    .title = " Copy ",
    .hint = "Enter copy   Esc back",
    .empty = "Nothing is selected.",
    .fill = copy_fill,
    .choose = copy_choose,
};

static void themes_fill(struct ui *ui)
{
    struct theme_names list;
    theme_names(&list);
    ui->theme_before = ui->theme;
    for (size_t i = 0; i < list.count; i++) {
        struct theme theme;
        char reason[200];
        bool good = theme_load(&theme, list.names[i], reason, sizeof reason);
        menu_add(&ui->menu, i, good ? ROLE_TEXT : ROLE_FAILED, MENU_NO_BOX, list.names[i],
                 good ? theme.title : reason);
        if (strcmp(list.names[i], ui->theme.name) == 0)
            ui->menu.cursor = ui->menu.count - 1;
    }
    theme_names_free(&list);
}

static void themes_moved(struct ui *ui, const struct menu_item *item)
{
    char reason[200];
    if (theme_load(&ui->theme, item->label, reason, sizeof reason))
        screen_set_theme(&ui->theme);
    else
        ui_say(ui, ROLE_WARNING, "%s", reason);
}

static void themes_choose(struct ui *ui, const struct menu_item *item)
{
    (void)item; /* it is in use already */
    char reason[UI_SENTENCE];
    const char *name = ui->theme.name;
    bool named = ui->config->options->theme != NULL, kept = ui->remembered.path[0] && !named;
    if (!remembered_keep_theme(&ui->remembered, name, reason, sizeof reason))
        ui_say(ui, ROLE_WARNING, "theme %s; %s", name, reason);
    else if (kept)
        ui_say(ui, ROLE_MESSAGE, "theme %s, kept for the next start", name);
    else
        ui_say(ui, ROLE_MESSAGE, "theme %s until you quit%s", name,
               named ? ": the configuration or the command line names another" : "");
}

static void themes_cancel(struct ui *ui)
{
    ui->theme = ui->theme_before;
    screen_set_theme(&ui->theme);
}

static const struct menu_class menu_themes = {
    .title = " Themes ",
    .hint = "Enter keep   Esc back",
    .fill = themes_fill,
    .moved = themes_moved,
    .choose = themes_choose,
    .cancel = themes_cancel,
};

const struct menu_class *const menu_classes[MENUS] = {
    [MENU_TYPES] = &menu_types,   [MENU_LINKS] = &menu_links,     [MENU_COPY] = &menu_copy,
    [MENU_THEMES] = &menu_themes, [MENU_FILTERS] = &menu_filters,
};
