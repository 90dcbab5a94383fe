/*
 * anchortop: wiring, nothing else.
 */
#include <stdio.h>

int main(void)
{
    puts("anchortop " ANCHORTOP_VERSION);
    return 0;
}
