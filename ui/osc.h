/*
 * Operating system commands (OSC): what is said to the terminal past curses, and works over SSH
 * where the terminal knows it. Main thread, while the screen is open and no frame is being drawn.
 */
#ifndef ANCHORTOP_OSC_H
#define ANCHORTOP_OSC_H

#include <stddef.h>

/* Sets the terminal's title. The text is clean. */
void osc_title(const char *text);

/* Puts text into the clipboard of the machine that the terminal runs on (OSC 52). */
void osc_clipboard(const char *text, size_t length);

/* Asks for a notification on the desktop (OSC 9, OSC 777). The text may be foreign. */
void osc_notify(const char *title, const char *body);

#endif
