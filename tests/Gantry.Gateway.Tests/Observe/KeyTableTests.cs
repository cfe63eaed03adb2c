using Gantry.Gateway.Observe;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Tests.Observe;

public class KeyTableTests
{
    [Theory]
    [InlineData(1, ulong.MaxValue)]
    [InlineData(2, 63)]
    [InlineData(3, 3)]
    public void A_random_history_agrees_with_a_dictionary(int seed, ulong hashes)
    {
        // Few distinct hashes make long runs of slots, where a removal that leaves a hole would hide keys.
        var random = new Random(seed);
        var table = new KeyTable<int>();
        var model = new Dictionary<string, int>();
        for (var step = 0; step < 20_000; step++)
        {
            var key = $"key {random.Next(600)} {new string('x', random.Next(40) * random.Next(2))}";
            var bytes = global::System.Text.Encoding.UTF8.GetBytes(key);
            var hash = SeededHash.Of(bytes) & hashes;
            var found = table.Find(bytes, hash);
            Assert.Equal(model.GetValueOrDefault(key, -1), found);
            if (found < 0)
            {
                model[key] = table.Add(bytes, hash);
                table[model[key]] = step;
            }
            else if (random.Next(2) == 0)
            {
                table.Remove(found);
                model.Remove(key);
            }

            Assert.Equal(model.Count, table.Count);
        }

        Assert.All(model, pair => Assert.Equal(pair.Key, global::System.Text.Encoding.UTF8.GetString(table.KeyOf(pair.Value))));
        Assert.Equal(model.Values.Order(), Enumerable.Range(0, table.End).Where(table.IsLive));
    }
}
