/* The memory for unfinished requests: who may have how much of it, and who goes first. */
#include "room.h"

#include <criterion/criterion.h>
#include <stdio.h>

enum { MIB = 1 << 20, KIB = 1 << 10, SOME = 64 };

static struct room *room;
static struct room_guest guests[SOME];
static unsigned evicted;

static void evict(struct room_guest *guest)
{
    evicted++;
    guest->unfinished = false;
    cr_expect(room_take(guest, 0));
}

static void set_up(void)
{
    room = room_new(evict);
    cr_assert(room);
}

static void tear_down(void)
{
    for (size_t i = 0; i < SOME; i++)
        room_leave(&guests[i]);
    cr_expect_eq(room_held(room), 0);
    room_free(room);
}

TestSuite(room, .init = set_up, .fini = tear_down);

static bool enter(size_t i, const char *address, size_t size)
{
    cr_assert(room_enter(room, &guests[i], address));
    guests[i].unfinished = true;
    return room_take(&guests[i], size);
}

Test(room, an_address_has_a_share_and_others_have_theirs)
{
    size_t most = ROOM_SHARE / 4 * 3 / (4 * MIB);
    for (size_t i = 0; i < most; i++)
        cr_expect(enter(i, "10.0.0.1", 4 * MIB));
    cr_expect_not(enter(most, "10.0.0.1", 4 * MIB + 1), "nobody there is as large");
    cr_expect_eq(evicted, 0);
    cr_expect(enter(most + 1, "10.0.0.2", 4 * MIB), "another address is not concerned");
    cr_expect(enter(most + 2, "10.0.0.1", ROOM_SMALL), "a small one has its own room");
    cr_expect_eq(evicted, 0);
}

Test(room, the_largest_goes_first_and_of_several_the_oldest)
{
    for (size_t i = 0; i < 16; i++)
        cr_expect(enter(i, "10.0.0.1", i == 7 || i == 9 ? 4 * MIB : 2 * MIB + 512 * KIB));
    cr_expect_eq(evicted, 0);
    cr_expect(enter(16, "10.0.0.1", 3 * MIB + 512 * KIB));
    cr_expect(enter(17, "10.0.0.1", 3 * MIB + 512 * KIB));
    cr_expect_eq(evicted, 1);
    cr_expect_eq(guests[7].held, 0);
    cr_expect_eq(guests[9].held, 4 * MIB);
}

Test(room, who_is_finished_is_not_asked_to_go)
{
    size_t most = ROOM_SHARE / 4 * 3 / (4 * MIB);
    for (size_t i = 0; i < most; i++) {
        cr_expect(enter(i, "10.0.0.1", 4 * MIB));
        guests[i].unfinished = false;
    }
    cr_expect_not(enter(most, "10.0.0.1", 2 * MIB));
    cr_expect_eq(guests[most].held, 0, "a refusal changes nothing");
}

Test(room, counts_who_comes_from_where)
{
    enter(0, "10.0.0.1", 1);
    enter(1, "10.0.0.2", 1);
    enter(2, "10.0.0.1", 1);
    cr_expect_eq(room_neighbours(&guests[0]), 2);
    cr_expect_eq(room_neighbours(&guests[1]), 1);
    room_leave(&guests[0]);
    cr_expect_eq(room_neighbours(&guests[2]), 1);
}

Test(room, all_addresses_together_have_a_limit)
{
    size_t most = ROOM_TOTAL / 4 * 3 / (4 * MIB);
    for (size_t i = 0; i < most; i++) {
        char address[32];
        snprintf(address, sizeof address, "10.0.0.%zu", i);
        cr_expect(enter(i, address, 4 * MIB));
    }
    cr_expect_eq(evicted, 0);
    cr_expect(enter(most, "10.0.1.1", 1 * MIB));
    cr_expect_eq(evicted, 1, "the largest of all goes");
    cr_expect(enter(most + 1, "10.0.1.2", ROOM_SMALL));
    cr_expect_eq(evicted, 1, "a small one has its own room");
}

Test(room, an_address_with_one_body_does_not_yield_to_those_with_many)
{
    enum { FLOODERS = 4, EACH = 15 };
    size_t size = ROOM_TOTAL / 4 * 3 / FLOODERS / EACH;
    for (size_t i = 0; i < FLOODERS * EACH; i++) {
        char address[32];
        snprintf(address, sizeof address, "10.0.0.%zu", i % FLOODERS);
        cr_expect(enter(i, address, size));
    }
    cr_expect_eq(evicted, 0);
    cr_assert_lt(size, (size_t)4 * MIB);
    cr_expect(enter(FLOODERS * EACH, "10.0.1.1", 4 * MIB), "though it is the largest of all");
    cr_expect_eq(evicted, 2);
    cr_expect_gt(guests[FLOODERS * EACH].held, 0);
}
