/* Arithmetic of all kinds on numbers made up as it goes, and a checksum of each kind. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 88172645463325252u;
static uint64_t next(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}
static uint64_t sum;
static void add(uint64_t value)
{
	sum = (sum << 1 | sum >> 63) ^ value;
}
static void add_double(double value)
{
	uint64_t bits;
	memcpy(&bits, &value, 8);
	add(value != value ? 0x7ff8000000000000u : bits);
}
static void show(const char *what)
{
	printf("%-12s %016llx\n", what, (unsigned long long)sum);
	sum = 0;
}
static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(void)
{
	for (int i = 0; i < 3000; i++) {
		int64_t a = (int64_t)next(), b = (int64_t)(next() >> (i % 60)) | 1;
		add(a * b), add(a / b), add(a % b), add((uint64_t)a / (uint64_t)b), add((uint64_t)a % (uint64_t)b);
		add((__int128)a * b >> 64), add((unsigned __int128)a * b >> 64), add(a >> (b & 63)), add(a << (b & 63));
	}
	show("64 bits");
	for (int i = 0; i < 3000; i++) {
		int32_t a = (int32_t)next(), b = (int32_t)(next() >> (i % 30)) | 1;
		add(a * (int64_t)b), add(a / b == -2147483648 ? 0 : a / b), add((uint32_t)a % (uint32_t)b), add(a >> (b & 31));
		add((int16_t)a), add((uint8_t)b), add(a < b), add((uint32_t)a < (uint32_t)b);
	}
	show("32 bits");
	static double doubles[500];
	for (int i = 0; i < 500; i++) {
		double a = (double)(int64_t)next() / 1e12, b = (double)(next() % 100000) / 7 + 0.1;
		float f = (float)a, g = (float)b;
		add_double(a + b), add_double(a * b), add_double(a / b), add_double(sqrt(b)), add_double(fma(a, b, a));
		add_double(f * g), add_double(f / g), add_double(sqrtf(g)), add((int64_t)b), add((uint32_t)g), add(lrint(b));
		doubles[i] = a;
	}
	show("arithmetic");
	for (int i = 1; i < 300; i++) {
		double x = i / 17.0;
		add_double(sin(x)), add_double(cos(x)), add_double(exp(x)), add_double(log(x)), add_double(pow(x, 1.7));
		add_double(atan2(x, 3)), add_double(cbrt(x)), add_double(floor(x)), add_double(fmod(x, 0.3)), add_double(tgamma(x));
	}
	show("functions");
	qsort(doubles, 500, sizeof(double), compare);
	char text[64];
	for (int i = 0; i < 500; i++) {
		int n = snprintf(text, sizeof(text), "%.17g %a %.3f", doubles[i], doubles[i], doubles[i]);
		for (int j = 0; j < n; j++)
			add((uint64_t)text[j]);
		add_double(strtod(text, NULL));
	}
	show("text");
	return 0;
}
