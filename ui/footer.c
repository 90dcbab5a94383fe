/*
 * The last line: which keys lead somewhere, a message, or a question.
 */
#include "../src/text.h"
#include "actions.h"
#include "keys.h"
#include "screen.h"
#include "state.h"

enum { HINT_GAP = 2 }; /* between two hints */

/* Columns that the hint of an action takes, with the blanks around it. */
static int hint_width(const struct action *action)
{
    char name[KEY_NAME_SIZE];
    return text_width(key_name(action->keys[0], screen_ascii(), name)) + text_width(action->hint) +
           1 + HINT_GAP;
}

static bool has_hint(const struct action *action, const struct ui *ui)
{
    return action->hint && action_applies(action, ui) &&
           (!action->leads || action->leads(ui, action->arg));
}

/* Marks the hints that fit into the footer: as many as there is room for, those of a low rank
 * before others. */
static void choose_hints(const struct ui *ui, int width, bool *chosen)
{
    enum { RANKS = 8 };
    int room = width - 1;
    for (unsigned rank = 0; rank < RANKS; rank++) {
        for (size_t i = 0; i < action_count; i++) {
            if (actions[i].rank != rank || !has_hint(&actions[i], ui))
                continue;
            /* Nothing needs to stand behind the last one. */
            chosen[i] = hint_width(&actions[i]) - HINT_GAP <= room;
            room -= chosen[i] ? hint_width(&actions[i]) : 0;
        }
    }
}

/* Where the cursor is in what has the keys: the item, of how many. */
static size_t find_position(const struct ui *ui, size_t *count)
{
    const struct view *view = &ui->views[ui->current];
    const struct detail *detail = &ui->detail;
    bool timeline = detail->page == PAGE_TIMELINE;
    if (ui->focus == FOCUS_LIST) {
        *count = view_count(view);
        return view->index;
    }
    *count = timeline ? detail->timeline.count : detail->built_width ? detail->lines.count : 0;
    return timeline ? detail->timeline.cursor : detail->cursor[detail->page];
}

/* Tells at the right end where one is, as "12/1,000"; returns the columns that takes. More than
 * that may be found yet. */
static int draw_position(const struct ui *ui, int row, int width)
{
    enum { LEAST_WIDTH = 60 };
    const struct view *view = &ui->views[ui->current];
    char number[32], all[32], text[80];
    size_t count, at = find_position(ui, &count);
    bool more = ui->focus == FOCUS_LIST && (view->searching || older_has_more(&view->older));
    if (count == 0 || at >= count || width < LEAST_WIDTH || ui->help_open || ui->menu.class)
        return 0;
    text_count(number, sizeof number, (double)at + 1);
    text_count(all, sizeof all, (double)count);
    snprintf(text, sizeof text, "%s/%s%s", number, all, more ? "+" : "");
    int used = text_width(text) + 2;
    screen_put_right(row, width - used, used - 1, STYLE(HINT), text);
    return used;
}

void footer_draw(struct ui *ui, int row)
{
    int width = screen_columns(), column = 1;
    if (ui->quit_asked) {
        screen_fill(row, 0, width, STYLE(WARNING));
        screen_put(row, 1, width - 2, STYLE(WARNING),
                   "Quit? y quits, any other key stays. Until it runs again, deliveries fail.");
        return;
    }
    if (ui->message[0]) {
        screen_fill(row, 0, width, (struct style){.role = ui->message_role});
        screen_put(row, 1, width - 2, (struct style){.role = ui->message_role}, ui->message);
        return;
    }
    bool chosen[ACTIONS_MAX] = {false};
    width -= draw_position(ui, row, width);
    choose_hints(ui, width, chosen);
    for (size_t i = 0; i < action_count; i++) {
        const struct action *action = &actions[i];
        char name[KEY_NAME_SIZE];
        if (!chosen[i])
            continue;
        key_name(action->keys[0], screen_ascii(), name);
        column += screen_put(row, column, width - column, STYLE(KEY), name) + 1;
        column += screen_put(row, column, width - column, STYLE(HINT), action->hint) + HINT_GAP;
    }
}
