/*
 * Guests stand in a list of their address, addresses in buckets. Only when a limit is reached are
 * lists walked: the limits, and not the walk, are what a flood meets first.
 */
#include "room.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"

enum { BUCKETS = 1024 };

/* An address and its guests; there is one for as long as there are any. */
struct room_share {
    struct room_share *next; /* in its bucket */
    struct room_guest *oldest, *newest;
    size_t held, guests;
    char address[];
};

struct room {
    void (*evict)(struct room_guest *guest);
    struct hash_seed seed; /* addresses are foreign */
    struct room_share *buckets[BUCKETS];
    size_t held;
};

struct room *room_new(void (*evict)(struct room_guest *guest))
{
    struct room *room = calloc(1, sizeof *room);
    if (!room)
        return NULL;
    room->evict = evict;
    if (hash_seed_random(&room->seed))
        return room;
    room_free(room);
    return NULL;
}

void room_free(struct room *room)
{
    free(room);
}

static struct room_share **bucket_of(struct room *room, const char *address)
{
    return &room->buckets[hash_text(&room->seed, 0, address) % BUCKETS];
}

static struct room_share *share_of(struct room *room, const char *address)
{
    struct room_share **bucket = bucket_of(room, address), *share = *bucket;
    while (share && strcmp(share->address, address) != 0)
        share = share->next;
    if (share)
        return share;
    size_t size = strlen(address) + 1;
    share = calloc(1, sizeof *share + size);
    if (!share)
        return NULL;
    memcpy(share->address, address, size);
    share->next = *bucket;
    return *bucket = share;
}

static void remove_share(struct room *room, struct room_share *share)
{
    struct room_share **place = bucket_of(room, share->address);
    while (*place != share)
        place = &(*place)->next;
    *place = share->next;
    free(share);
}

bool room_enter(struct room *room, struct room_guest *guest, const char *address)
{
    struct room_share *share = share_of(room, address);
    if (!share)
        return false;
    *guest = (struct room_guest){.room = room, .share = share, .previous = share->newest};
    *(share->newest ? &share->newest->next : &share->oldest) = guest;
    share->newest = guest;
    share->guests++;
    return true;
}

void room_leave(struct room_guest *guest)
{
    struct room_share *share = guest->share;
    if (!share)
        return;
    room_take(guest, 0);
    *(guest->previous ? &guest->previous->next : &share->oldest) = guest->next;
    *(guest->next ? &guest->next->previous : &share->newest) = guest->previous;
    if (--share->guests == 0)
        remove_share(guest->room, share);
    *guest = (struct room_guest){0};
}

/* The largest unfinished guest of an address; of several the oldest. */
static struct room_guest *largest_of(const struct room_share *share, struct room_guest *largest)
{
    for (struct room_guest *guest = share->oldest; guest; guest = guest->next)
        if (guest->unfinished && (!largest || guest->held > largest->held))
            largest = guest;
    return largest;
}

static struct room_guest *largest_of_all(const struct room *room)
{
    struct room_guest *largest = NULL;
    for (size_t i = 0; i < BUCKETS; i++)
        for (const struct room_share *share = room->buckets[i]; share; share = share->next)
            largest = largest_of(share, largest);
    return largest;
}

/* The largest guest of the address that holds most, if that is more than another address will hold
 * with `held` bytes; else NULL. */
static struct room_guest *largest_of_most(const struct room *room, size_t held)
{
    const struct room_share *most = NULL;
    for (size_t i = 0; i < BUCKETS; i++)
        for (const struct room_share *share = room->buckets[i]; share; share = share->next)
            if (share->held > held) {
                most = share;
                held = share->held;
            }
    return most ? largest_of(most, NULL) : NULL;
}

/* Who has to go for a guest that is to hold `size` bytes; NULL: the guest itself. */
static struct room_guest *choose(const struct room_guest *guest, size_t size, bool share_full)
{
    const struct room_share *share = guest->share;
    struct room_guest *largest =
        share_full ? NULL : largest_of_most(guest->room, share->held - guest->held + size);
    if (largest)
        return largest;
    largest = share_full ? largest_of(share, NULL) : largest_of_all(guest->room);
    return largest && largest != guest && largest->held >= size ? largest : NULL;
}

/* What may be held in all by those among whom a guest that wants `size` bytes is. */
static size_t limit_for(size_t size, size_t whole)
{
    return size > ROOM_SMALL ? whole - whole / 4 : whole;
}

bool room_take(struct room_guest *guest, size_t size)
{
    struct room *room = guest->room;
    struct room_share *share = guest->share;
    if (!room)
        return true;
    while (size > guest->held) {
        size_t more = size - guest->held;
        bool share_full = share->held + more > limit_for(size, ROOM_SHARE);
        if (!share_full && room->held + more <= limit_for(size, ROOM_TOTAL))
            break;
        struct room_guest *largest = choose(guest, size, share_full);
        if (!largest)
            return false;
        room->evict(largest);
    }
    share->held = share->held - guest->held + size;
    room->held = room->held - guest->held + size;
    guest->held = size;
    return true;
}

size_t room_neighbours(const struct room_guest *guest)
{
    return guest->share ? guest->share->guests : 1;
}

size_t room_held(const struct room *room)
{
    return room->held;
}
