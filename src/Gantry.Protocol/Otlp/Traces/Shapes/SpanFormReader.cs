namespace Gantry.Protocol.Otlp.Traces;

/// <summary>Walks a valid span and says what each byte is; gives up at whatever is not as SDKs write it.</summary>
/// <param name="looked">Bit n: the value of <see cref="SpanAttribute"/> n is part of the form.</param>
internal ref struct SpanFormReader(ReadOnlySpan<byte> span, uint looked)
{
    private const byte Fixed = 0xFF;
    private const byte HighBit = 0x80;
    private const int MaxValues = 64;

    private readonly ReadOnlySpan<byte> _span = span;
    private uint _seen;
    private int _at;

    /// <summary>For each byte the bits that must be equal.</summary>
    public byte[] Mask { get; } = new byte[span.Length];

    /// <summary>Bytes that say the length of a value that can be jumped over, and of what is around it.</summary>
    public bool[] IsLength { get; } = new bool[span.Length];

    public List<SpanForm.Value> Values { get; } = [];

    public ShapeFields Fields { get; private set; }

    public bool TryRead()
    {
        while (_at < _span.Length)
        {
            var tag = _span[_at];
            if (tag != 0x4A && !IsFirst(tag))
            {
                return false;
            }

            if (!Field(tag))
            {
                return false;
            }
        }

        return Fields.Trace > 0 && Fields.Span > 0;
    }

    private bool IsFirst(byte tag)
    {
        var bit = 1u << (tag >> 3);
        var first = (_seen & bit) == 0;
        _seen |= bit;
        return first;
    }

    private bool Field(byte tag)
    {
        var fields = Fields;
        // What is read by its place must stand before all that can move.
        if (Values.Count > 0 && tag < 0x4A)
        {
            return false;
        }

        switch (tag)
        {
            case 0x0A when Bytes(16, out var at):
                Fields = fields with { Trace = (byte)at };
                return at <= byte.MaxValue;
            case 0x12 when Bytes(8, out var at):
                Fields = fields with { Span = (byte)at };
                return at <= byte.MaxValue;
            case 0x1A when Text(HighBit, out var at, out var length):
                Fields = fields with { State = (byte)at, StateLength = (byte)length };
                return at <= byte.MaxValue;
            case 0x22 when Bytes(8, out var at):
                Fields = fields with { Parent = (byte)at };
                return at <= byte.MaxValue;
            case 0x2A when Text(Fixed, out var at, out var length):
                Fields = fields with { Name = (ushort)at, NameLength = (byte)length };
                return true;
            case 0x30 when _span.Length - _at >= 2 && _span[_at + 1] < 0x80:
                Fields = fields with { Kind = _span[_at + 1] };
                return Skip(2, Fixed);
            case 0x39 or 0x41 when Skip(1, Fixed):
                Fields = tag == 0x39 ? fields with { Start = (ushort)_at } : fields with { End = (ushort)_at };
                return Skip(8, 0);
            case 0x4A:
                return Attribute();
            case 0x50 when _span.Length - _at >= 2 && _span[_at + 1] < 0x80: // dropped_attributes_count
                Skip(1, Fixed);
                return Skip(1, HighBit);
            case 0x7A:
                return Status();
            case 0x85 when _span.Length - _at >= 6 && _span[_at + 1] == 0x01: // flags
                Skip(2, Fixed);
                return Skip(4, 0);
            default:
                return false;
        }
    }

    /// <summary>A tag, a length and as many bytes, which may be any.</summary>
    private bool Bytes(int length, out int at)
    {
        at = _at + 2;
        return _span.Length - _at >= 2 + length && _span[_at + 1] == length && Skip(2, Fixed) && Skip(length, 0);
    }

    private bool Text(byte mask, out int at, out int length)
    {
        at = _at + 2;
        length = _at + 1 < _span.Length ? _span[_at + 1] : 0;
        return length < 0x80 && _span.Length - at >= length && Skip(2, Fixed) && (mask == Fixed || IsAscii(at, length)) && Skip(length, mask);
    }

    /// <summary>4A n 0A k key 12 v, then 0A t text, 18 varint, 10 flag or 21 with eight bytes.</summary>
    private bool Attribute()
    {
        var rest = _span[_at..];
        if (rest.Length < 8 || rest[1] >= 0x80 || rest.Length < rest[1] + 2 || rest[2] != 0x0A)
        {
            return false;
        }

        var (outer, end, value) = (_at + 1, _at + 2 + rest[1], 4 + rest[3]);
        if (rest[3] >= 0x80 || rest[1] + 2 - value < 4 || rest[value] != 0x12 || _at + value + 2 + rest[value + 1] != end)
        {
            return false;
        }

        var key = AttributeKeys.Find(rest.Slice(4, rest[3]));
        var inner = _at + value + 1;
        Skip(value + 3, Fixed);
        if (key != 0 && (looked & (1u << (int)AttributeKeys.AttributeOf(key))) != 0)
        {
            return Skip(end - _at, Fixed);
        }

        switch (_span[inner + 1])
        {
            case 0x0A when _span[_at] == end - _at - 1 && IsAscii(_at + 1, end - _at - 1):
                Add(new ShapeJump((ushort)_at, _span[_at], (ushort)outer, _span[outer], (ushort)inner, _span[inner], IsNumber: false), _at + 1, end);
                return Values.Count <= MaxValues && Skip(1, Fixed) && Skip(end - _at, HighBit);
            case 0x18 when !IsVarint(_at, end):
                return false;
            case 0x18 when end - _at > 8:
                return Skip(end - _at, HighBit);
            case 0x18:
                Add(new ShapeJump((ushort)inner, _span[inner], (ushort)outer, _span[outer], (ushort)outer, _span[outer], IsNumber: true), _at, end);
                return Values.Count <= MaxValues && Skip(end - _at, HighBit);
            case 0x10 when end - _at == 1 && _span[_at] < 0x80:
                return Skip(1, HighBit);
            case 0x21 when end - _at == 8:
                return Skip(8, 0);
            default:
                return false;
        }
    }

    /// <summary>7A s, then 12 t message and 18 code, of which both may be absent.</summary>
    private bool Status()
    {
        if (_span.Length - _at < 2 || _span[_at + 1] >= 0x80 || _span.Length - _at - 2 < _span[_at + 1])
        {
            return false;
        }

        var (outer, end) = (_at + 1, _at + 2 + _span[_at + 1]);
        Skip(2, Fixed);
        if (end - _at >= 2 && _span[_at] == 0x12)
        {
            var length = _span[_at + 1];
            if (length >= 0x80 || end - _at - 2 < length || !IsAscii(_at + 2, length))
            {
                return false;
            }

            Add(new ShapeJump((ushort)(_at + 1), length, (ushort)outer, _span[outer], (ushort)outer, _span[outer], IsNumber: false), _at + 2, _at + 2 + length);
            Skip(2, Fixed);
            Skip(length, HighBit);
        }

        if (end - _at == 2 && _span[_at] == 0x18 && _span[_at + 1] < 0x80)
        {
            Fields = Fields with { Status = _span[_at + 1] };
            return Skip(2, Fixed) && Values.Count <= MaxValues;
        }

        return _at == end && Values.Count <= MaxValues;
    }

    private void Add(ShapeJump jump, int start, int end)
    {
        Values.Add(new SpanForm.Value(jump, start, end));
        IsLength[jump.At] = IsLength[jump.Inner] = IsLength[jump.Outer] = true;
    }

    private bool Skip(int count, byte mask)
    {
        if (_span.Length - _at < count)
        {
            return false;
        }

        Mask.AsSpan(_at, count).Fill(mask);
        _at += count;
        return true;
    }

    private readonly bool IsAscii(int start, int length) => System.Text.Ascii.IsValid(_span.Slice(start, length));

    private readonly bool IsVarint(int start, int end) =>
        _span[end - 1] < 0x80 && !_span[start..(end - 1)].ContainsAnyInRange((byte)0, (byte)0x7F);
}
