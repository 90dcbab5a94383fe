/*
 * Tab in the prompt: names of fields, then what they can be. Main thread.
 */
#ifndef ANCHORTOP_COMPLETE_H
#define ANCHORTOP_COMPLETE_H

#include <stddef.h>

struct ui;

/*
 * Completes the expression in the prompt at its cursor as far as it is certain, and puts what else
 * could follow into prompt.offers. When that is there already, turns its pages by 1 or -1.
 */
void complete(struct ui *ui, int turn);

#endif
