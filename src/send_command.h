/*
 * `anchortop send`: signed test events, made up, read from files or simulated, to any endpoint.
 */
#ifndef ANCHORTOP_SEND_COMMAND_H
#define ANCHORTOP_SEND_COMMAND_H

#include "options.h"
#include "signature.h"

/*
 * Sends what the operands and options say, reports on standard output, and complains on standard
 * error. Returns the exit status: 0 when every delivery was answered with 2xx. `secrets` may be
 * empty: then nothing is signed, and it says so.
 */
int send_command(const struct options *options, const struct secrets *secrets);

#endif
