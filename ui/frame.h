/*
 * One frame of the screen. Main thread.
 */
#ifndef ANCHORTOP_FRAME_H
#define ANCHORTOP_FRAME_H

struct ui;

/* Brings the state up to the store and draws all of it once. */
void frame_draw(struct ui *ui);

#endif
