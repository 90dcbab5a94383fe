/*
 * The memory that unfinished requests may take: bounded in all and for each sender's address, with
 * some of both kept for small ones. When it gets tight, the largest has to go; where all addresses
 * together have too much, that of the address that has most.
 *
 * Whoever has no secret can send a body as large as it likes, up to its last byte, so the memory
 * for bodies is the one thing that a stranger can use up. For the server's thread.
 */
#ifndef ANCHORTOP_ROOM_H
#define ANCHORTOP_ROOM_H

#include <stdbool.h>
#include <stddef.h>

enum {
    ROOM_TOTAL = 256 << 20, /* bytes, of all addresses */
    ROOM_SHARE = 64 << 20,  /* of one address */
    ROOM_SMALL = 64 << 10,  /* a request up to this may also use the last quarter of either */
};

/* One unfinished request's part. Belongs to whoever makes the request; zero-initialise. */
struct room_guest {
    struct room *room; /* NULL: it takes what it wants */
    struct room_share *share;
    struct room_guest *next, *previous; /* of the same address, the oldest first */
    size_t held;                        /* bytes */
    bool unfinished;                    /* it can be asked to go; kept by its owner */
};

struct room;

/* `evict` makes an unfinished guest give back all that it holds, with room_take(guest, 0). NULL
 * when memory ran out. */
struct room *room_new(void (*evict)(struct room_guest *guest));
/* No guest may be in it any more. */
void room_free(struct room *room);

/* A guest comes, with the text of its address, and goes; it holds nothing then. False when memory
 * ran out. */
bool room_enter(struct room *room, struct room_guest *guest, const char *address);
void room_leave(struct room_guest *guest);

/* Lets a guest hold `size` bytes instead of what it holds, and others go for it if they hold as
 * much, or if their address does. False when there is no room: nothing has changed for this guest
 * then. */
bool room_take(struct room_guest *guest, size_t size);

/* How many guests there are of the same address, this one included. */
size_t room_neighbours(const struct room_guest *guest);

/* Bytes held by all guests. */
size_t room_held(const struct room *room);

#endif
