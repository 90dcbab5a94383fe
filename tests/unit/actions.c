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
                                     "actions %zu and %zu share a key", a, b);
}

Test(actions, there_is_room_for_all_in_the_footer)
{
    cr_assert_leq(action_count, ACTIONS_MAX);
    for (size_t i = 0; i < action_count; i++)
        cr_expect_lt(actions[i].rank, 8, "action %zu", i);
}

/* Whether an action before this one tells about one of its keys, in the same group. */
static bool is_told_before(size_t index)
{
    for (size_t i = 0; i < index; i++)
        for (int k = 0; k < ACTION_KEYS && actions[i].keys[k]; k++)
            if (actions[i].help && actions[i].keys[k] == actions[index].keys[0] &&
                strcmp(actions[i].group, actions[index].group) == 0)
                return true;
    return false;
}

Test(actions, the_help_tells_of_every_key_once_in_a_group)
{
    for (size_t i = 0; i < action_count; i++)
        cr_expect_eq(is_told_before(i), actions[i].help == NULL, "key %d of %s", actions[i].keys[0],
                     actions[i].group);
}

Test(actions, each_has_a_key_and_stands_with_its_group)
{
    for (size_t i = 0; i < action_count; i++) {
        cr_expect(actions[i].keys[0], "action %zu has no key", i);
        cr_expect(actions[i].places, "action %zu works nowhere", i);
        for (size_t j = i + 2; j < action_count; j++)
            if (strcmp(actions[i].group, actions[j].group) == 0)
                cr_expect_str_eq(actions[j - 1].group, actions[j].group, "group %s is torn apart",
                                 actions[j].group);
    }
}
