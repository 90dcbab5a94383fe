/*
 * The command that the first screen names can be copied into a shell as it stands.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "first_steps.h"

Test(first_steps, a_command_is_as_short_as_it_is_true)
{
    static const struct {
        const char *program, *path, *home, *command;
    } rows[] = {
        {"/opt/anchortop", "/usr/bin:/bin", "/home/me", "/opt/anchortop"},
        {"/home/me/a/anchortop", "/usr/bin:/bin", "/home/me", "~/a/anchortop"},
        {"/home/meta/anchortop", NULL, "/home/me", "/home/meta/anchortop"},
        {"/home/me/my programs/anchortop", NULL, "/home/me", "'/home/me/my programs/anchortop'"},
        {"/opt/it's/anchortop", NULL, NULL, "\"/opt/it's/anchortop\""},
        {"/opt/$(x)/anchortop", NULL, NULL, "'/opt/$(x)/anchortop'"},
        {"/opt/anchortop", "/nowhere::/opt", "/", "/opt/anchortop"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128];
        first_steps_command(text, sizeof text, rows[i].program, rows[i].path, rows[i].home);
        cr_expect_str_eq(text, rows[i].command, "%s", text);
    }
}

Test(first_steps, a_program_that_the_shell_finds_needs_no_path)
{
    char text[128], program[4096];
    cr_assert(realpath("/bin/sh", program));
    const char *name = strrchr(program, '/') + 1;
    first_steps_command(text, sizeof text, program, "/nowhere:/usr/bin:/bin", NULL);
    cr_expect_str_eq(text, name, "%s", text);
}
