#!/usr/bin/env perl
# A reader of assets.pa, version 1, runtime profile, with core modules of Perl 5 only. It needs a Perl with 64-bit integers.
#
#   perl assets_pa_reader.pl FILE
#
# prints one JSON document: what the file holds, or the class of its fault. The exit status is 0 in both cases.
# Where the format leaves the answer open, a remark beginning with "Open:" says what this reader does.
#
# Dedicated to the public domain: CC0-1.0, https://creativecommons.org/publicdomain/zero/1.0/

use strict;
use warnings;
no warnings qw(portable recursion);    # 64-bit literals, and nested values

use constant {
    PRELUDE_SIZE => 32,
    MAGIC        => 'ASPA',
    VERSION      => 1,
    INTEGER_MAX  => '9007199254740991',    # 2^53 - 1
    ID_MIN       => -2147483648,
    ID_MAX       => 2147483647,
    SLOT_MAX     => 15,
    NESTING_MAX  => 127,
    CHUNK        => 1 << 16,               # a multiple of 32, the block of XXH64
};

my %BANK_TYPES = map { $_ => 1 } qw(GLYPH SOUNDS SCENE);
my %CODECS     = map { $_ => 1 } qw(NONE);
my @MEMBERS    = qw(asset_id asset_name bank_type codec offset size decoded_size metadata);

# A fault of the file. Everything else that dies is a fault of this program or of the machine.
sub reject {
    my ($class) = @_;
    die { class => $class };
}

# ---------------------------------------------------------------------------------------------------------------- JSON

# A parsed value is an array reference that begins with its type, so that nothing depends on what Perl thinks of a scalar:
#
#   [string => TEXT]      TEXT is a Perl string of characters
#   [number => SPELLING]  as it stands in the file, so that no digit is lost
#   [word   => SPELLING]  true, false, null
#   [array  => [VALUE, ...]]
#   [object => { NAME => VALUE }, HAS_DUPLICATES]
#
# The parser works on bytes in $_[0], at its pos(). Whether they are UTF-8 was checked before.

sub parse_json {
    my $value = parse_value($_[0], 0);
    skip_space($_[0]);
    reject('HEADER') if pos $_[0] != length $_[0];
    return $value;
}

sub skip_space { $_[0] =~ /\G[ \t\n\r]+/gc; return }

sub parse_value {
    my $nesting = $_[1];
    skip_space($_[0]);
    return [string => parse_string($_[0])]                 if $_[0] =~ /\G"/gc;
    return parse_object($_[0], $nesting + 1)               if $_[0] =~ /\G\{/gc;
    return parse_array($_[0], $nesting + 1)                if $_[0] =~ /\G\[/gc;
    return [word => $1]                                    if $_[0] =~ /\G(true|false|null)/gc;
    return [number => $1]
        if $_[0] =~ /\G(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/gc;
    return reject('HEADER');
}

sub parse_object {
    my $nesting = $_[1];
    reject('HEADER') if $nesting > NESTING_MAX;            # Open: how deep values nest
    my (%members, $duplicates);
    skip_space($_[0]);
    return [object => \%members, 0] if $_[0] =~ /\G\}/gc;
    while (1) {
        skip_space($_[0]);
        reject('HEADER') if $_[0] !~ /\G"/gc;
        my $name = parse_string($_[0]);                    # compared after its escapes are resolved
        skip_space($_[0]);
        reject('HEADER') if $_[0] !~ /\G:/gc;
        $duplicates = 1 if exists $members{$name};
        $members{$name} = parse_value($_[0], $nesting);    # Open: in metadata, the last of several counts
        skip_space($_[0]);
        next if $_[0] =~ /\G,/gc;
        return [object => \%members, $duplicates] if $_[0] =~ /\G\}/gc;
        reject('HEADER');
    }
}

sub parse_array {
    my $nesting = $_[1];
    reject('HEADER') if $nesting > NESTING_MAX;
    my @elements;
    skip_space($_[0]);
    return [array => \@elements] if $_[0] =~ /\G\]/gc;
    while (1) {
        push @elements, parse_value($_[0], $nesting);
        skip_space($_[0]);
        next if $_[0] =~ /\G,/gc;
        return [array => \@elements] if $_[0] =~ /\G\]/gc;
        reject('HEADER');
    }
}

my %ESCAPES = ('"' => '"', '\\' => '\\', '/' => '/', b => "\b", f => "\f", n => "\n", r => "\r", t => "\t");

# The quotation mark at the beginning has been read.
sub parse_string {
    my $text = '';
    while (1) {
        if ($_[0] =~ /\G([^"\\\x00-\x1f]+)/gc) {
            my $piece = $1;
            utf8::decode($piece);
            $text .= $piece;
        }
        elsif ($_[0] =~ /\G"/gc)                 { return $text }
        elsif ($_[0] =~ /\G\\(["\\\/bfnrt])/gc)  { $text .= $ESCAPES{$1} }
        elsif ($_[0] =~ /\G\\u([0-9a-fA-F]{4})/gc) {
            my $unit = hex $1;
            if ($unit >= 0xd800 && $unit <= 0xdbff && $_[0] =~ /\G\\u([dD][c-fC-F][0-9a-fA-F]{2})/gc) {
                $unit = 0x10000 + (($unit - 0xd800) << 10) + (hex($1) - 0xdc00);
            }
            reject('HEADER') if $unit >= 0xd800 && $unit <= 0xdfff;    # half of a pair is no character
            $text .= chr $unit;
        }
        else { reject('HEADER') }
    }
}

# Perl's own decoding lets surrogates and numbers beyond U+10FFFF pass.
sub is_utf8 {
    my ($bytes) = @_;
    return utf8::decode($bytes) && $bytes !~ /[^\x{0}-\x{d7ff}\x{e000}-\x{10ffff}]/;
}

sub json_string {
    my ($text) = @_;
    $text =~ s/(["\\])/\\$1/g;
    $text =~ s/([\x00-\x1f])/sprintf '\\u%04x', ord $1/ge;
    utf8::encode($text);
    return qq("$text");
}

sub json_value {
    my ($type, $content) = @{ $_[0] };
    return json_string($content)                                     if $type eq 'string';
    return '[' . join(',', map { json_value($_) } @$content) . ']'   if $type eq 'array';
    return json_object(map { $_ => json_value($content->{$_}) } sort keys %$content) if $type eq 'object';
    return $content;                                                 # a number or a word, as it stood in the file
}

# Takes names and the JSON texts of their values, by turns.
sub json_object {
    my @members;
    while (my ($name, $value) = splice @_, 0, 2) { push @members, json_string($name) . ':' . $value }
    return '{' . join(',', @members) . '}';
}

# --------------------------------------------------------------------------------------------------------------- shape

# The members of an object that must not have two of one name.
sub members_of {
    my ($value) = @_;
    my ($type, $members, $duplicates) = @$value;
    reject('HEADER') if $type ne 'object' || $duplicates;    # Open: an array in the place of an object
    return $members;
}

# The content of a member that must be there and of one type.
sub member {
    my ($members, $name, $type) = @_;
    my $value = $members->{$name};
    reject('HEADER') if !$value || $value->[0] ne $type;
    return $value->[1];
}

# An integer between two bounds that fit 64 bits. What has more digits than fit is out of bounds without being converted.
sub integer {
    my ($members, $name, $min, $max) = @_;
    my $spelling = member($members, $name, 'number');
    reject('HEADER') if $spelling !~ /\A-?[0-9]{1,16}\z/ || $spelling eq '-0';
    reject('HEADER') if $spelling < $min || $spelling > $max;
    return $spelling + 0;
}

# Open: members that the format does not have are passed over; a size above 2^53 - 1 is rejected; an asset_id below 0 is
# taken if it fits an i32; what asset_name says is not judged.
sub read_entry {
    my $members = members_of($_[0]);
    my %entry   = (
        asset_id     => integer($members, 'asset_id', ID_MIN, ID_MAX),
        asset_name   => member($members, 'asset_name', 'string'),
        bank_type    => member($members, 'bank_type',  'string'),
        codec        => member($members, 'codec',      'string'),
        offset       => integer($members, 'offset',       0, INTEGER_MAX),
        size         => integer($members, 'size',         0, INTEGER_MAX),
        decoded_size => integer($members, 'decoded_size', 0, INTEGER_MAX),
    );
    member($members, 'metadata', 'object');
    reject('HEADER') if !$BANK_TYPES{ $entry{bank_type} } || !$CODECS{ $entry{codec} };
    $entry{json} = json_object(map { $_ => json_value($members->{$_}) } @MEMBERS);
    return \%entry;
}

# The slot may be any integer here; whether there is such a slot is judged later.
sub read_preload {
    my $members = members_of($_[0]);
    my $slot    = member($members, 'slot', 'number');
    reject('HEADER') if $slot !~ /\A-?[0-9]+\z/ || $slot eq '-0';
    return { asset_id => integer($members, 'asset_id', ID_MIN, ID_MAX), slot => $slot };
}

# --------------------------------------------------------------------------------------------------------------- XXH64

{
    # Under "use integer" sums and products wrap around at 64 bits. A shift to the right then copies the sign, so what it
    # brings in from the left is masked away.
    use integer;

    my ($P1, $P2, $P3, $P4, $P5) = map { unpack 'q', pack 'Q', $_ }
        0x9e3779b185ebca87, 0xc2b2ae3d27d4eb4f, 0x165667b19e3779f9, 0x85ebca77c2b2ae63, 0x27d4eb2f165667c5;

    sub shift_right { return ($_[0] >> $_[1]) & ~(-1 << (64 - $_[1])) }
    sub rotate      { return ($_[0] << $_[1]) | (($_[0] >> (64 - $_[1])) & ~(-1 << $_[1])) }
    sub xxh_round   { return rotate($_[0] + $_[1] * $P2, 31) * $P1 }

    # XXH64 with seed 0 of $size bytes, which $next gives in pieces. All pieces but the last are multiples of 32 bytes.
    sub xxh64 {
        my ($size, $next) = @_;
        my @lanes = ($P1 + $P2, $P2, 0, -$P1);
        my ($left, $tail) = ($size, '');
        while ($left > 0) {
            my $piece = $next->($left);
            $left -= length $piece;
            my $whole = length($piece) & ~31;
            $tail = substr $piece, $whole;
            my @words = unpack 'q<*', substr $piece, 0, $whole;
            while (my @block = splice @words, 0, 4) {
                $lanes[$_] = xxh_round($lanes[$_], $block[$_]) for 0 .. 3;
            }
        }

        my $hash = $P5;
        if ($size >= 32) {
            $hash = rotate($lanes[0], 1) + rotate($lanes[1], 7) + rotate($lanes[2], 12) + rotate($lanes[3], 18);
            $hash = ($hash ^ xxh_round(0, $_)) * $P1 + $P4 for @lanes;
        }
        $hash += $size;

        while (length $tail >= 8) {
            $hash = rotate($hash ^ xxh_round(0, unpack 'q<', substr $tail, 0, 8, ''), 27) * $P1 + $P4;
        }
        if (length $tail >= 4) {
            $hash = rotate($hash ^ (unpack('L<', substr $tail, 0, 4, '') * $P1), 23) * $P2 + $P3;
        }
        $hash = rotate($hash ^ ($_ * $P5), 11) * $P1 for unpack 'C*', $tail;

        $hash = ($hash ^ shift_right($hash, 33)) * $P2;
        $hash = ($hash ^ shift_right($hash, 29)) * $P3;
        $hash ^= shift_right($hash, 32);
        return sprintf '%016x', unpack 'Q', pack 'q', $hash;
    }
}

# ---------------------------------------------------------------------------------------------------------------- file

sub read_bytes {
    my ($file, $count) = @_;
    my $bytes = '';
    while (length $bytes < $count) {
        my $got = read $file, $bytes, $count - length $bytes, length $bytes;
        die "cannot read: $!\n" if !defined $got;
        die "the file became shorter while it was read\n" if !$got;
    }
    return $bytes;
}

# The classes of faults are judged one after the other: a file with several faults is rejected with the uppermost.
sub read_file {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "cannot open $path: $!\n";
    my $file_size = -s $file;

    reject('TRUNCATED') if $file_size < PRELUDE_SIZE;
    # flags, reserved and header_checksum are behind these. Open: they are not judged.
    my ($magic, $version, $header_len, $payload_offset) = unpack 'a4 L< L< Q<', read_bytes($file, PRELUDE_SIZE);
    reject('MAGIC')   if $magic ne MAGIC;
    reject('VERSION') if $version != VERSION;
    my $header_end = PRELUDE_SIZE + $header_len;
    reject('BOUNDS') if $header_end > $file_size || $payload_offset < $header_end || $payload_offset > $file_size;

    my $text = read_bytes($file, $header_len);
    reject('HEADER') if !is_utf8($text);
    pos($text) = 0;
    my $header  = members_of(parse_json($text));
    my @table   = map { read_entry($_) } @{ member($header, 'asset_table', 'array') };
    my @preload = exists $header->{preload}                 # Open: a header without preload
        ? map { read_preload($_) } @{ member($header, 'preload', 'array') }
        : ();

    my $region = $file_size - $payload_offset;
    my %by_id;
    for my $entry (@table) {
        reject('TABLE') if $by_id{ $entry->{asset_id} };
        reject('TABLE') if $entry->{offset} + $entry->{size} > $region;
        $by_id{ $entry->{asset_id} } = $entry;
    }

    my %taken;
    for my $request (@preload) {
        my $entry = $by_id{ $request->{asset_id} };
        reject('PRELOAD') if !$entry;
        reject('PRELOAD') if $request->{slot} < 0 || $request->{slot} > SLOT_MAX;
        reject('PRELOAD') if $taken{ $entry->{bank_type} }{ $request->{slot} }++;
    }

    my @slices;
    for my $entry (@table) {
        seek $file, $payload_offset + $entry->{offset}, 0 or die "cannot seek: $!\n";
        my $next = sub { read_bytes($file, $_[0] < CHUNK ? $_[0] : CHUNK) };
        push @slices, json_object(
            asset_id => $entry->{asset_id},
            size     => $entry->{size},
            xxh64    => json_string(xxh64($entry->{size}, $next)),
        );
    }

    return json_object(
        verdict     => '"accept"',
        asset_table => '[' . join(',', map { $_->{json} } @table) . ']',
        preload     => '[' . join(',', map { json_object(asset_id => $_->{asset_id}, slot => $_->{slot}) } @preload) . ']',
        slices      => '[' . join(',', @slices) . ']',
    );
}

die "usage: perl assets_pa_reader.pl FILE\n" if !@ARGV;
my $answer = eval { read_file($ARGV[-1]) };
if (!defined $answer) {
    die $@ if ref $@ ne 'HASH';
    $answer = json_object(verdict => '"reject"', class => json_string($@->{class}));
}
binmode STDOUT;
print "$answer\n";
