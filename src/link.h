/*
 * The URLs of an event, and opening one in the operator's browser.
 */
#ifndef ANCHORTOP_LINK_H
#define ANCHORTOP_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "event.h"

/* A named URL. Both strings are owned by the list. */
struct link {
    char *name; /* "Live view", "Recording", an artifact's "order.pdf", or a path; foreign */
    char *url;  /* as received: foreign; ask link_check() before it goes anywhere */
};

/* Owned by the caller; link_list_free() releases it. Most useful first. */
struct link_list {
    struct link *links;
    size_t count;
};

/*
 * Every http or https URL in the event, known fields first: the live view of an intervention, the
 * session's dashboard, the recording, the artifacts, then any other string of the payload that
 * begins with http:// or https://. Returns false when memory ran out; the list is valid then too.
 */
bool link_collect(const struct event *event, struct link_list *list);
void link_list_free(struct link_list *list);

/* Adds a link, copying both texts, unless its URL is there already or is neither http nor https.
 * False when memory ran out. */
bool link_list_add(struct link_list *list, const char *name, const char *url);

/*
 * Whether a URL may be handed to another program: http or https with a host, at most 8 KB, no
 * user name, no white space, no control, quote, backslash, angle bracket or non-ASCII character.
 * Writes the reason when not.
 */
bool link_check(const char *url, char *reason, size_t reason_size);

/*
 * Starts $BROWSER, else xdg-open, open or wslview, with exactly the URL as one argument, without a
 * shell, detached from the terminal; returns at once. $BROWSER may hold several commands separated
 * by colons (the first that exists is taken) and arguments; "%s" in it is replaced by the URL.
 * Returns false, and the reason in words, when the URL is refused, no opener is found or it does
 * not start. xdg-open is not asked where there is no display.
 */
bool link_open(const char *url, char *reason, size_t reason_size);

#endif
