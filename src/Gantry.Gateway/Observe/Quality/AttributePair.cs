using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe.Quality;

/// <summary>A KeyValue in place: key = 1, value = 2. The value as its bytes, which are the same for the same value.</summary>
internal readonly ref struct AttributePair
{
    private AttributePair(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Key = key;
        Value = value;
    }

    public ReadOnlySpan<byte> Key { get; }

    public ReadOnlySpan<byte> Value { get; }

    public static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> pair) => Read(pair).Key;

    public static AttributePair Read(ReadOnlySpan<byte> pair)
    {
        ReadOnlySpan<byte> key = default;
        ReadOnlySpan<byte> value = default;
        var reader = new ProtoReader(pair);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case (1, WireType.LengthDelimited):
                    key = reader.ReadBytes();
                    break;
                case (2, WireType.LengthDelimited):
                    value = reader.ReadBytes();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new AttributePair(key, value);
    }
}
