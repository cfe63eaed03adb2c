using Gantry.Estate.Agents;

namespace Gantry.Hub.Tests.Matching;

public class AttributeCollectionTests
{
    [Fact]
    public void It_answers_as_a_dictionary_that_was_filled_in_that_order_does()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var pairs = Enumerable.Range(0, random.Next(12)).Select(i => KeyValuePair.Create($"k{random.Next(10)}", $"v{i}")).ToList();
            var expected = new Dictionary<string, string>();
            foreach (var (key, value) in pairs)
            {
                expected[key] = value;
            }

            var attributes = new AttributeCollection(pairs);

            Assert.Equal(expected.Count, attributes.Count);
            Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), attributes);
            for (var key = 0; key < 11; key++)
            {
                Assert.Equal(expected.GetValueOrDefault($"k{key}"), attributes.GetValueOrDefault($"k{key}"));
            }
        }
    }
}
