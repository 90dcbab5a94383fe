/*
 * The harness's terminal: libvterm for cells and colours, and a scanner for operating system
 * commands, which libvterm 0.1 does not hand on.
 */
#include "harness_private.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *harness_alloc(void *old, size_t size)
{
    void *memory = realloc(old, size);
    cr_assert_not_null(memory, "out of memory");
    return memory;
}

static void osc_end(struct osc_scanner *osc)
{
    char *payload = NULL;
    osc->text[osc->length] = '\0';
    long number = strtol(osc->text, &payload, 10);
    osc->state = OSC_OUTSIDE;
    if (payload == osc->text || number < 0 || number >= OSC_NUMBERS)
        return;
    if (*payload == ';')
        payload++;
    osc->count[number]++;
    osc->last[number] = harness_alloc(osc->last[number], strlen(payload) + 1);
    strcpy(osc->last[number], payload);
}

static void osc_append(struct osc_scanner *osc, char byte)
{
    if (osc->length + 2 > osc->capacity) {
        osc->capacity = osc->capacity * 2 + 256;
        osc->text = harness_alloc(osc->text, osc->capacity);
    }
    osc->text[osc->length++] = byte;
}

static void osc_feed(struct osc_scanner *osc, char byte)
{
    switch (osc->state) {
    case OSC_OUTSIDE: osc->state = byte == '\033' ? OSC_ESCAPE : OSC_OUTSIDE; break;
    case OSC_ESCAPE:
        osc->state = byte == ']' ? OSC_INSIDE : byte == '\033' ? OSC_ESCAPE : OSC_OUTSIDE;
        osc->length = 0;
        break;
    case OSC_INSIDE:
        if (byte == '\033')
            osc->state = OSC_INSIDE_ESCAPE;
        else if (byte != '\a')
            osc_append(osc, byte);
        else if (osc->length > 0)
            osc_end(osc);
        else
            osc->state = OSC_OUTSIDE;
        break;
    case OSC_INSIDE_ESCAPE:
        if (osc->length > 0)
            osc_end(osc);
        osc->state = byte == ']' ? OSC_INSIDE : OSC_OUTSIDE;
        osc->length = 0;
        break;
    }
}

static int on_bell(void *context)
{
    struct screen *screen = context;
    screen->bells++;
    return 1;
}

static int on_property(VTermProp property, VTermValue *value, void *context)
{
    struct screen *screen = context;
    if (property == VTERM_PROP_CURSORVISIBLE)
        screen->cursor_visible = value->boolean;
    else if (property == VTERM_PROP_ALTSCREEN)
        screen->full_screen = value->boolean;
    return 1;
}

static void on_answer(const char *bytes, size_t length, void *context)
{
    const int *descriptor = context;
    if (*descriptor >= 0 && write(*descriptor, bytes, length) < 0)
        return; /* the program has gone; its reader will notice */
}

static int on_damage(VTermRect rectangle, void *context)
{
    struct screen *screen = context;
    for (int row = rectangle.start_row; row < rectangle.end_row && row < screen->rows; row++)
        screen->row_stale[row] = true;
    return 1;
}

static const VTermScreenCallbacks callbacks = {
    .damage = on_damage, .bell = on_bell, .settermprop = on_property};

static void allocate_rows(struct screen *screen)
{
    screen->row_text = calloc((size_t)screen->rows, sizeof *screen->row_text);
    screen->row_stale = calloc((size_t)screen->rows, sizeof *screen->row_stale);
    cr_assert(screen->row_text && screen->row_stale, "out of memory");
}

void screen_open(struct screen *screen, int rows, int columns)
{
    screen->rows = rows;
    screen->columns = columns;
    screen->cursor_visible = true;
    screen->vterm = vterm_new(rows, columns);
    cr_assert_not_null(screen->vterm, "out of memory");
    allocate_rows(screen);
    vterm_set_utf8(screen->vterm, 1);
    screen->cells = vterm_obtain_screen(screen->vterm);
    vterm_screen_set_callbacks(screen->cells, &callbacks, screen);
    vterm_screen_enable_altscreen(screen->cells, 1);
    vterm_screen_reset(screen->cells, 1);
}

void screen_answer_to(struct screen *screen, const int *descriptor)
{
    union {
        const int *constant;
        void *context;
    } where = {.constant = descriptor};
    vterm_output_set_callback(screen->vterm, on_answer, where.context);
}

static void forget_rows(struct screen *screen)
{
    for (int row = 0; row < screen->rows; row++)
        free(screen->row_text[row]);
    free(screen->row_text);
    free(screen->row_stale);
    screen->row_text = NULL;
    screen->row_stale = NULL;
}

void screen_close(struct screen *screen)
{
    if (!screen->vterm)
        return;
    forget_rows(screen);
    free(screen->dump);
    free(screen->osc.text);
    for (size_t i = 0; i < OSC_NUMBERS; i++)
        free(screen->osc.last[i]);
    vterm_free(screen->vterm);
    screen->vterm = NULL;
}

/* How many bytes the character has that begins with this one, in UTF-8; 1 for any other byte. */
static size_t character_size(char first)
{
    unsigned char byte = (unsigned char)first;
    return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : byte < 0xF8 ? 4 : 1;
}

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* How many of the last bytes begin a character that is not whole. */
static size_t unfinished(const char *bytes, size_t length)
{
    size_t back = 1;
    while (back < length && back < 4 && continues(bytes[length - back]))
        back++;
    return back <= length && character_size(bytes[length - back]) > back ? back : 0;
}

/* libvterm 0.1 forgets a character of which it gets only a part. */
static void feed_characters(struct screen *screen, const char *bytes, size_t length)
{
    while (screen->part_length > 0 && length > 0) {
        bool more = continues(*bytes) && screen->part_length < sizeof(screen->part);
        if (more) {
            screen->part[screen->part_length++] = *bytes++;
            length--;
        }
        if (!more || screen->part_length == character_size(screen->part[0])) {
            vterm_input_write(screen->vterm, screen->part, screen->part_length);
            screen->part_length = 0;
        }
    }
    size_t part = length > 0 ? unfinished(bytes, length) : 0;
    vterm_input_write(screen->vterm, bytes, length - part);
    if (part > 0) {
        memcpy(screen->part, bytes + length - part, part);
        screen->part_length = part;
    }
}

void screen_feed(struct screen *screen, const char *bytes, size_t length)
{
    feed_characters(screen, bytes, length);
    for (size_t i = 0; i < length; i++)
        osc_feed(&screen->osc, bytes[i]);
}

void screen_resize(struct screen *screen, int rows, int columns)
{
    forget_rows(screen);
    screen->rows = rows;
    screen->columns = columns;
    allocate_rows(screen);
    vterm_set_size(screen->vterm, rows, columns);
}

static size_t encode(char *out, uint32_t code_point)
{
    unsigned char *byte = (unsigned char *)out;
    if (code_point < 0x80) {
        byte[0] = (unsigned char)code_point;
        return 1;
    }
    size_t more = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
    byte[0] = (unsigned char)(lead[more] | code_point >> 6 * more);
    for (size_t i = 1; i <= more; i++)
        byte[i] = (unsigned char)(0x80 | (code_point >> 6 * (more - i) & 0x3F));
    return more + 1;
}

static int colour_of(const VTermColor *colour)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(colour) || VTERM_COLOR_IS_DEFAULT_BG(colour))
        return COLOUR_DEFAULT;
    if (VTERM_COLOR_IS_INDEXED(colour))
        return colour->indexed.idx;
    return COLOUR_RGB(colour->rgb.red, colour->rgb.green, colour->rgb.blue);
}

struct program_cell program_cell(struct program *program, int row, int column)
{
    VTermScreenCell cell;
    VTermPos position = {.row = row, .col = column};
    cr_assert(vterm_screen_get_cell(program->screen.cells, position, &cell),
              "row %d, column %d is outside the screen of %d by %d", row, column,
              program->screen.rows, program->screen.columns);
    struct program_cell result = {
        .width = cell.width,
        .foreground = colour_of(&cell.fg),
        .background = colour_of(&cell.bg),
        .bold = cell.attrs.bold,
        .italic = cell.attrs.italic,
        .underline = cell.attrs.underline,
        .reverse = cell.attrs.reverse,
        .blink = cell.attrs.blink,
    };
    if (cell.chars[0] == UINT32_MAX) {
        result.width = 0;
        return result;
    }
    size_t length = 0;
    for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
        length += encode(result.text + length, cell.chars[i]);
    return result;
}

int program_rows(const struct program *program)
{
    return program->screen.rows;
}

const char *program_row(struct program *program, int row)
{
    struct screen *screen = &program->screen;
    cr_assert(row >= 0 && row < screen->rows, "row %d is outside the screen", row);
    if (screen->row_text[row] && !screen->row_stale[row])
        return screen->row_text[row];
    char *text = harness_alloc(screen->row_text[row],
                               (size_t)screen->columns * sizeof(((struct program_cell *)0)->text));
    size_t length = 0, end = 0;
    for (int column = 0; column < screen->columns; column++) {
        struct program_cell cell = program_cell(program, row, column);
        if (cell.width == 0)
            continue;
        const char *shown = *cell.text ? cell.text : " ";
        size_t bytes = strlen(shown);
        memcpy(text + length, shown, bytes);
        length += bytes;
        if (strcmp(shown, " ") != 0)
            end = length;
    }
    text[end] = '\0';
    screen->row_text[row] = text;
    screen->row_stale[row] = false;
    return text;
}

/* The column in which the byte of a row's text at an offset stands. */
static int column_of(struct program *program, int row, size_t offset)
{
    size_t length = 0;
    int column = 0;
    for (; column < program->screen.columns && length < offset; column++) {
        struct program_cell cell = program_cell(program, row, column);
        if (cell.width > 0)
            length += *cell.text ? strlen(cell.text) : 1;
    }
    while (column < program->screen.columns && program_cell(program, row, column).width == 0)
        column++;
    return column;
}

bool program_find(struct program *program, const char *text, int *row, int *column)
{
    for (int r = 0; r < program->screen.rows; r++) {
        const char *shown = program_row(program, r);
        const char *found = strstr(shown, text);
        if (!found)
            continue;
        if (row)
            *row = r;
        if (column)
            *column = column_of(program, r, (size_t)(found - shown));
        return true;
    }
    return false;
}

int program_find_row(struct program *program, const char *text)
{
    int row = -1;
    program_find(program, text, &row, NULL);
    return row;
}

const char *program_dump(struct program *program)
{
    free(program->screen.dump);
    size_t size = 0;
    FILE *out = open_memstream(&program->screen.dump, &size);
    cr_assert_not_null(out, "out of memory");
    for (int row = 0; row < program->screen.rows; row++)
        fprintf(out, "%3d|%s\n", row, program_row(program, row));
    fclose(out);
    return program->screen.dump;
}

bool program_cursor_visible(const struct program *program)
{
    return program->screen.cursor_visible;
}

void program_cursor(const struct program *program, int *row, int *column)
{
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(program->screen.vterm), &at);
    *row = at.row;
    *column = at.col;
}

bool program_full_screen(const struct program *program)
{
    return program->screen.full_screen;
}

unsigned program_bells(const struct program *program)
{
    return program->screen.bells;
}

unsigned program_osc_count(const struct program *program, int number)
{
    return program->screen.osc.count[number];
}

const char *program_osc(const struct program *program, int number)
{
    const char *text = program->screen.osc.last[number];
    return text ? text : "";
}

const char *program_title(const struct program *program)
{
    /* 0 sets the icon's name as well; a program uses one of the two. */
    return program_osc_count(program, 2) ? program_osc(program, 2) : program_osc(program, 0);
}
