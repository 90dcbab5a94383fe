/*
 * Themes: reading them. The format is told in themes/default.theme.
 */
#include "theme.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Generated from the files in themes/. */
struct builtin_theme {
    const char *name, *text;
};
extern const struct builtin_theme builtin_themes[];
extern const size_t builtin_theme_count;

static const struct {
    const char *name;
    unsigned mono;
} roles[ROLES] = {
#define X(id, name, mono) [ROLE_##id] = {name, mono},
    THEME_ROLES(X)
#undef X
};

static const char *const color_names[8] = {"black", "red",     "green", "yellow",
                                           "blue",  "magenta", "cyan",  "white"};

static const struct {
    const char *name;
    unsigned attribute;
} attribute_names[] = {
    {"bold", ATTRIBUTE_BOLD},       {"dim", ATTRIBUTE_DIM},
    {"italic", ATTRIBUTE_ITALIC},   {"underline", ATTRIBUTE_UNDERLINE},
    {"reverse", ATTRIBUTE_REVERSE},
};

unsigned theme_mono(enum role role)
{
    return roles[role].mono;
}

/* Red, green and blue of a colour of the palette; the first 16 as xterm has them. */
static void palette_rgb(int color, int rgb[3])
{
    static const int system[16][3] = {
        {0, 0, 0},       {205, 0, 0},   {0, 205, 0},   {205, 205, 0},
        {0, 0, 238},     {205, 0, 205}, {0, 205, 205}, {229, 229, 229},
        {127, 127, 127}, {255, 0, 0},   {0, 255, 0},   {255, 255, 0},
        {92, 92, 255},   {255, 0, 255}, {0, 255, 255}, {255, 255, 255},
    };
    for (int i = 0; i < 3; i++) {
        if (color < 16) {
            rgb[i] = system[color][i];
        } else if (color >= 232) {
            rgb[i] = 8 + 10 * (color - 232);
        } else {
            int digit = (color - 16) / (i == 0 ? 36 : i == 1 ? 6 : 1) % 6;
            rgb[i] = digit == 0 ? 0 : 55 + 40 * digit;
        }
    }
}

/* Relative luminance of a colour, as WCAG defines it. */
static double luminance(int color)
{
    static const double weights[3] = {0.2126, 0.7152, 0.0722};
    static double known[256]; /* plus one; 0: not yet */
    if (known[color] == 0) {
        int rgb[3];
        palette_rgb(color, rgb);
        known[color] = 1;
        for (int i = 0; i < 3; i++) {
            double part = rgb[i] / 255.0;
            known[color] +=
                weights[i] * (part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
        }
    }
    return known[color] - 1;
}

double theme_contrast(int color, int other)
{
    double a = luminance(color) + 0.05, b = luminance(other) + 0.05;
    return a > b ? a / b : b / a;
}

static int16_t pick(struct theme_color color, bool of256)
{
    return of256 ? color.of256 : color.of8;
}

struct theme_look theme_look(const struct theme *theme, enum role role, enum role over, bool of256)
{
    static const double readable = 3;
    const struct theme_style *top = &theme->styles[role], *under = &theme->styles[over];
    struct theme_look look = {pick(top->fg, of256), pick(top->bg, of256), top->attributes};
    if (over != ROLE_TEXT) {
        look.bg = pick(under->bg, of256);
        look.attributes |= under->attributes;
        bool known = look.fg != COLOR_DEFAULT && look.bg != COLOR_DEFAULT;
        if (look.fg == COLOR_DEFAULT || (known && theme_contrast(look.fg, look.bg) < readable))
            look.fg = pick(under->fg, of256);
    }
    /* With eight colours a text of its background's colour would vanish. */
    if (look.fg == look.bg && look.fg != COLOR_DEFAULT)
        look.fg = COLOR_DEFAULT;
    /* Terminals with few colours draw bold black as grey. */
    if (!of256 && look.fg == 0)
        look.attributes &= ~(unsigned)ATTRIBUTE_BOLD;
    return look;
}

static int nearest(const int rgb[3], int first, int end)
{
    int best = first;
    long best_distance = LONG_MAX;
    for (int color = first; color < end; color++) {
        int other[3];
        palette_rgb(color, other);
        long distance = 0;
        for (int i = 0; i < 3; i++)
            distance += (long)(rgb[i] - other[i]) * (rgb[i] - other[i]);
        if (distance < best_distance) {
            best_distance = distance;
            best = color;
        }
    }
    return best;
}

static bool parse_number(const char *text, int base, long limit, long *number)
{
    char *end;
    errno = 0;
    *number = strtol(text, &end, base);
    return isxdigit((unsigned char)*text) && *end == '\0' && errno == 0 && *number <= limit;
}

static bool parse_one_color(const char *text, int16_t *color)
{
    if (strcmp(text, "default") == 0) {
        *color = COLOR_DEFAULT;
        return true;
    }
    for (int16_t i = 0; i < 8; i++) {
        if (strcmp(text, color_names[i]) == 0) {
            *color = i;
            return true;
        }
    }
    long number;
    if (text[0] == '#' && strlen(text) == 7 && parse_number(text + 1, 16, 0xffffff, &number)) {
        int rgb[3] = {(int)(number >> 16), (int)(number >> 8 & 255), (int)(number & 255)};
        *color = (int16_t)nearest(rgb, 16, 256);
        return true;
    }
    if (parse_number(text, 10, 255, &number)) {
        *color = (int16_t)number;
        return true;
    }
    return false;
}

/* "colour" or "colour/colour-of-eight". Cuts `word` apart. */
static bool parse_color(char *word, struct theme_color *color)
{
    char *slash = strchr(word, '/');
    if (slash)
        *slash++ = '\0';
    if (!parse_one_color(word, &color->of256))
        return false;
    if (slash)
        return parse_one_color(slash, &color->of8) && color->of8 < 8;
    if (color->of256 < 8) {
        color->of8 = color->of256;
    } else {
        int rgb[3];
        palette_rgb(color->of256, rgb);
        color->of8 = (int16_t)nearest(rgb, 0, 8);
    }
    return true;
}

static bool parse_attribute(const char *word, unsigned *attributes)
{
    for (size_t i = 0; i < sizeof attribute_names / sizeof *attribute_names; i++) {
        if (strcmp(word, attribute_names[i].name) == 0) {
            *attributes |= attribute_names[i].attribute;
            return true;
        }
    }
    return false;
}

/* Reads a style; returns NULL or the word that is wrong. */
static const char *parse_style(char *text, struct theme_style *style)
{
    static const struct theme_color none = {COLOR_DEFAULT, COLOR_DEFAULT};
    *style = (struct theme_style){none, none, 0};
    bool have_fg = false, after_on = false;
    char *save = NULL;
    for (char *word = strtok_r(text, " \t", &save); word; word = strtok_r(NULL, " \t", &save)) {
        if (strcmp(word, "on") == 0 && !after_on) {
            after_on = true;
        } else if (after_on && style->bg.of256 == COLOR_DEFAULT && parse_color(word, &style->bg)) {
            after_on = false;
        } else if (!have_fg && parse_color(word, &style->fg)) {
            have_fg = true;
        } else if (!parse_attribute(word, &style->attributes)) {
            return word;
        }
    }
    return after_on ? "on" : NULL;
}

struct reading {
    struct theme *theme;
    const char *source; /* what to call the file in a reason */
    char wrong[128];    /* what is wrong with the first line that is */
};

static int refuse(struct reading *reading, const char *what, const char *word, const char *remedy)
{
    if (reading->wrong[0] == '\0')
        snprintf(reading->wrong, sizeof reading->wrong, "%s \"%.30s\"; %s", what, word, remedy);
    return 0;
}

static int on_entry(void *user, const char *section, const char *name, const char *value)
{
    struct reading *reading = user;
    if (section[0] == '\0' && strcmp(name, "title") == 0) {
        snprintf(reading->theme->title, sizeof reading->theme->title, "%s", value);
        return 1;
    }
    if (strcmp(section, "roles") != 0)
        return refuse(reading, "unknown setting", name, "roles stand below [roles]");
    for (int role = 0; role < ROLES; role++) {
        if (strcmp(name, roles[role].name) != 0)
            continue;
        char text[128];
        snprintf(text, sizeof text, "%s", value);
        const char *wrong = parse_style(text, &reading->theme->styles[role]);
        if (wrong)
            return refuse(reading, "no colour or attribute is called", wrong,
                          "write for example: 203/red on default bold");
        return 1;
    }
    return refuse(reading, "no role is called", name, "the default theme names them all");
}

/* Turns inih's answer (0, -1 for a file error, or the first wrong line) into ours. */
static bool finish(const struct reading *reading, int result, char *reason, size_t reason_size)
{
    if (result < 0)
        snprintf(reason, reason_size, "cannot read the theme %s: %s", reading->source,
                 strerror(errno));
    else if (result > 0)
        snprintf(reason, reason_size, "%s:%d: %s", reading->source, result,
                 reading->wrong[0] ? reading->wrong : "not \"name = value\" or \"[section]\"");
    return result == 0;
}

static const struct builtin_theme *find_builtin(const char *name)
{
    for (size_t i = 0; i < builtin_theme_count; i++)
        if (strcmp(builtin_themes[i].name, name) == 0)
            return &builtin_themes[i];
    return NULL;
}

/* The operator's own themes. False when there is no home directory. */
static bool own_directory(char *path, size_t size)
{
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    int length;
    if (config && config[0] == '/')
        length = snprintf(path, size, "%s/anchortop/themes", config);
    else if (home && home[0])
        length = snprintf(path, size, "%s/.config/anchortop/themes", home);
    else
        return false;
    return length > 0 && (size_t)length < size;
}

/* Where the file of that name is. False when there is none. */
static bool find_file(const char *name, char *path, size_t size)
{
    if (strchr(name, '/')) {
        snprintf(path, size, "%s", name);
        return true;
    }
    char directory[PATH_MAX];
    if (!own_directory(directory, sizeof directory))
        return false;
    int length = snprintf(path, size, "%s/%s.theme", directory, name);
    if (length < 0 || (size_t)length >= size)
        return false;
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    fclose(file);
    return true;
}

static void list_known(char *text, size_t size)
{
    struct theme_names list;
    theme_names(&list);
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < list.count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", list.names[i]);
    theme_names_free(&list);
}

/* The same as ini_parse(), which takes a directory for an empty file. */
static int read_file(const char *path, struct reading *reading)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return -1;
    int result = ini_parse_file(file, on_entry, reading), error = errno;
    if (ferror(file))
        result = -1;
    fclose(file);
    errno = error;
    return result;
}

bool theme_load(struct theme *theme, const char *name, char *reason, size_t reason_size)
{
    struct theme loaded = {.name = ""};
    struct reading reading = {.theme = &loaded, .source = "default"};
    const struct builtin_theme *builtin = find_builtin("default");
    if (!finish(&reading, ini_parse_string(builtin->text, on_entry, &reading), reason, reason_size))
        return false;

    char path[PATH_MAX];
    int result;
    if (find_file(name, path, sizeof path)) {
        reading.source = path;
        result = read_file(path, &reading);
    } else if ((builtin = find_builtin(name))) {
        reading.source = name;
        result = ini_parse_string(builtin->text, on_entry, &reading);
    } else {
        char known[256];
        list_known(known, sizeof known);
        snprintf(reason, reason_size, "there is no theme \"%.40s\"; there are: %s", name, known);
        return false;
    }
    if (!finish(&reading, result, reason, reason_size))
        return false;
    snprintf(loaded.name, sizeof loaded.name, "%s", name);
    *theme = loaded;
    return true;
}

static void add_name(struct theme_names *list, const char *name, size_t length)
{
    if (length == 0 || length >= THEME_NAME_SIZE)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (strlen(list->names[i]) == length && strncmp(list->names[i], name, length) == 0)
            return;
    void *grown = realloc(list->names, (list->count + 1) * sizeof *list->names);
    if (!grown)
        return;
    list->names = grown;
    memcpy(list->names[list->count], name, length);
    list->names[list->count++][length] = '\0';
}

void theme_names(struct theme_names *list)
{
    static const char suffix[] = ".theme";
    *list = (struct theme_names){NULL, 0};
    for (size_t i = 0; i < builtin_theme_count; i++)
        add_name(list, builtin_themes[i].name, strlen(builtin_themes[i].name));

    char directory[PATH_MAX];
    DIR *dir = own_directory(directory, sizeof directory) ? opendir(directory) : NULL;
    if (!dir)
        return;
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        size_t length = strlen(entry->d_name);
        size_t cut = sizeof suffix - 1;
        if (length > cut && strcmp(entry->d_name + length - cut, suffix) == 0)
            add_name(list, entry->d_name, length - cut);
    }
    closedir(dir);
}

void theme_names_free(struct theme_names *list)
{
    free(list->names);
    *list = (struct theme_names){NULL, 0};
}
