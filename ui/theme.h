/*
 * Themes: how each role on the screen is drawn.
 *
 * The rest of the screen's code names roles, never colours. Themes are INI files; those of the
 * project are also built in, so that the program runs from anywhere. Main thread only.
 */
#ifndef ANCHORTOP_THEME_H
#define ANCHORTOP_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum theme_attribute {
    ATTRIBUTE_BOLD = 1 << 0,
    ATTRIBUTE_DIM = 1 << 1,
    ATTRIBUTE_ITALIC = 1 << 2,
    ATTRIBUTE_UNDERLINE = 1 << 3,
    ATTRIBUTE_REVERSE = 1 << 4,
};

/*
 * Role, its name in a theme file, and the attributes that must tell it apart where there are no
 * colours at all.
 */
#define THEME_ROLES(X)                                                                             \
    X(TEXT, "text", 0)                                                                             \
    X(DIM, "dim", 0)                                                                               \
    X(HEADER, "header", ATTRIBUTE_REVERSE)                                                         \
    X(BRAND, "brand", ATTRIBUTE_REVERSE | ATTRIBUTE_BOLD)                                          \
    X(LIVE, "live", ATTRIBUTE_REVERSE)                                                             \
    X(INSECURE, "insecure", ATTRIBUTE_REVERSE | ATTRIBUTE_BOLD)                                    \
    X(REFUSED, "refused", ATTRIBUTE_REVERSE | ATTRIBUTE_BOLD)                                      \
    X(SPARK, "spark", ATTRIBUTE_REVERSE)                                                           \
    X(ALARM_NEW, "alarm-new", ATTRIBUTE_BOLD)                                                      \
    X(ALARM, "alarm", ATTRIBUTE_REVERSE | ATTRIBUTE_BOLD)                                          \
    X(ALARM_LATE, "alarm-late", ATTRIBUTE_REVERSE | ATTRIBUTE_BOLD | ATTRIBUTE_UNDERLINE)          \
    X(TAB, "tab", 0)                                                                               \
    X(TAB_ACTIVE, "tab-active", ATTRIBUTE_REVERSE)                                                 \
    X(STATE, "state", ATTRIBUTE_BOLD)                                                              \
    X(COLUMN, "column", ATTRIBUTE_UNDERLINE)                                                       \
    X(COLUMN_SORT, "column-sort", ATTRIBUTE_UNDERLINE | ATTRIBUTE_BOLD)                            \
    X(SELECTION, "selection", ATTRIBUTE_REVERSE)                                                   \
    X(SELECTION_IDLE, "selection-idle", ATTRIBUTE_UNDERLINE)                                       \
    X(OK, "ok", 0)                                                                                 \
    X(FAILED, "failed", ATTRIBUTE_BOLD)                                                            \
    X(CANCELLED, "cancelled", 0)                                                                   \
    X(WAITING, "waiting", ATTRIBUTE_BOLD)                                                          \
    X(HEALED, "healed", 0)                                                                         \
    X(NEUTRAL, "neutral", 0)                                                                       \
    X(BORDER, "border", 0)                                                                         \
    X(TITLE, "title", ATTRIBUTE_BOLD)                                                              \
    X(PAGE_ACTIVE, "page-active", ATTRIBUTE_BOLD | ATTRIBUTE_UNDERLINE)                            \
    X(LABEL, "label", 0)                                                                           \
    X(LINK, "link", ATTRIBUTE_UNDERLINE)                                                           \
    X(NUMBER, "number", 0)                                                                         \
    X(JSON_KEY, "json-key", 0)                                                                     \
    X(JSON_STRING, "json-string", 0)                                                               \
    X(JSON_NUMBER, "json-number", 0)                                                               \
    X(JSON_LITERAL, "json-literal", ATTRIBUTE_BOLD)                                                \
    X(MATCH, "match", ATTRIBUTE_REVERSE)                                                           \
    X(MARK, "mark", ATTRIBUTE_REVERSE)                                                             \
    X(KEY, "key", ATTRIBUTE_BOLD)                                                                  \
    X(HINT, "hint", 0)                                                                             \
    X(MESSAGE, "message", ATTRIBUTE_REVERSE)                                                       \
    X(WARNING, "warning", ATTRIBUTE_REVERSE | ATTRIBUTE_BOLD)                                      \
    X(MENU, "menu", 0)                                                                             \
    X(MENU_CURSOR, "menu-cursor", ATTRIBUTE_REVERSE)

enum role {
#define X(id, name, mono) ROLE_##id,
    THEME_ROLES(X)
#undef X
        ROLES
};

enum { COLOR_DEFAULT = -1, THEME_TITLE_SIZE = 48, THEME_NAME_SIZE = 64 };

/* A colour of the 256-colour palette and its stand-in among the eight; or COLOR_DEFAULT. */
struct theme_color {
    int16_t of256;
    int16_t of8;
};

struct theme_style {
    struct theme_color fg, bg;
    unsigned attributes; /* enum theme_attribute */
};

struct theme {
    char name[THEME_NAME_SIZE];   /* as --theme takes it */
    char title[THEME_TITLE_SIZE]; /* for people */
    struct theme_style styles[ROLES];
};

/* What a role looks like on a terminal without colours. */
unsigned theme_mono(enum role role);

/* A role as it is drawn on another one's background; colours of the palette, or COLOR_DEFAULT. */
struct theme_look {
    int16_t fg, bg;
    unsigned attributes;
};

/*
 * What a role looks like on the background of another one (ROLE_TEXT: on its own), with 256 colours
 * or with eight. What could not be told from that background takes the other role's colour.
 */
struct theme_look theme_look(const struct theme *theme, enum role role, enum role over, bool of256);

/* How well two colours of the palette can be told apart, by the contrast ratio of WCAG: 1 (not at
 * all) to 21. The first 16 are taken as xterm has them. */
double theme_contrast(int color, int other);

/*
 * Loads a theme: a path when `name` has a slash, else NAME.theme of the operator's own directory
 * ($XDG_CONFIG_HOME/anchortop/themes), else the built-in one. Roles that the file does not name
 * are those of the built-in default. False with a reason that names file and line; *theme is
 * unchanged then.
 */
bool theme_load(struct theme *theme, const char *name, char *reason, size_t reason_size);

/* The names that theme_load() finds, built-in ones first. Owned by the caller, theme_names_free()
 * releases it. */
struct theme_names {
    char (*names)[THEME_NAME_SIZE];
    size_t count;
};
void theme_names(struct theme_names *list);
void theme_names_free(struct theme_names *list);

#endif
