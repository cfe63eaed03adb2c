using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Tests.Wire;

public sealed class SeededHashTests
{
    [Fact]
    public void Every_byte_counts_at_every_length()
    {
        var seen = new HashSet<ulong>();
        var keys = 0;
        for (var length = 0; length <= 40; length++)
        {
            var key = new byte[length];
            Assert.True(seen.Add(SeededHash.Of(key)), $"{length} zeros");
            keys++;
            for (var at = 0; at < length; at++)
            {
                for (var bit = 0; bit < 8; bit++)
                {
                    key[at] = (byte)(1 << bit);
                    Assert.True(seen.Add(SeededHash.Of(key)), $"length {length}, byte {at}, bit {bit}");
                    keys++;
                }

                key[at] = 0;
            }
        }

        Assert.Equal(keys, seen.Count);
    }

    [Fact]
    public void Equal_bytes_hash_alike_wherever_they_stand()
    {
        var text = "xxGET /api/v1/products/{id}xx"u8;

        Assert.Equal(SeededHash.Of("GET /api/v1/products/{id}"u8, 7), SeededHash.Of(text[2..^2], 7));
        Assert.NotEqual(SeededHash.Of(text, 7), SeededHash.Of(text, 8));
    }
}
