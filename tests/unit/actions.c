/*
 * The table of actions: whatever can be pressed does one thing, and the help says what.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "../../ui/actions.h"

Test(actions, a_key_has_one_meaning_in_a_place)
{
    for (size_t a = 0; a < action_count; a++)
        for (size_t b = a + 1; b < action_count; b++)
            for (int i = 0; i < ACTION_KEYS && actions[a].keys[i]; i++)
                for (int j = 0; j < ACTION_KEYS && actions[b].keys[j]; j++)
                    if (actions[a].keys[i] == actions[b].keys[j])
                        cr_expect_eq(actions[a].places & actions[b].places, 0,
                                     "\"%s\" and \"%s\" share a key", actions[a].help,
                                     actions[b].help);
}

Test(actions, there_is_room_for_all_in_the_footer)
{
    cr_assert_leq(action_count, ACTIONS_MAX);
    for (size_t i = 0; i < action_count; i++)
        cr_expect_lt(actions[i].rank, 8, "%s", actions[i].help);
}

Test(actions, each_is_explained_and_stands_with_its_group)
{
    for (size_t i = 0; i < action_count; i++) {
        cr_expect(actions[i].keys[0], "\"%s\" has no key", actions[i].help);
        cr_expect(actions[i].places, "\"%s\" works nowhere", actions[i].help);
        cr_expect_str_not_empty(actions[i].help);
        for (size_t j = i + 2; j < action_count; j++)
            if (strcmp(actions[i].group, actions[j].group) == 0)
                cr_expect_str_eq(actions[j - 1].group, actions[j].group, "group %s is torn apart",
                                 actions[j].group);
    }
}
