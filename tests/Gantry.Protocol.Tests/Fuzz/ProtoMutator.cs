using Gantry.Protocol.Tests.Messages;
using Google.Protobuf;

namespace Gantry.Protocol.Tests.Fuzz;

/// <summary>
/// Damages valid messages. Half of the damage is done to the fields, with all lengths right again, so that it gets past the outer layers; the
/// other half to the bytes, where lengths begin to lie.
/// </summary>
internal sealed class ProtoMutator(IReadOnlyList<List<WireNode>> bases)
{
    private readonly byte[][] _bytes = [.. bases.Select(WireTree.Write)];
    private readonly (List<WireNode> Siblings, WireNode Node)[][] _nodes = [.. bases.Select(tree => WireTree.All(tree).ToArray())];

    /// <summary>Messages of a contract, half of them as no SDK would write them.</summary>
    public static ProtoMutator Over<T>()
        where T : IMessage, new()
    {
        var bases = new List<List<WireNode>>();
        for (var seed = 0; bases.Count < 200; seed++)
        {
            var random = new Random(seed);
            var message = new RandomMessage(random) { MaxItems = 2, Density = 0.4 + (0.6 * random.NextDouble()) }.Next<T>();
            var bytes = seed % 2 == 0 ? message.ToByteArray() : Rearranged.Bytes(message, random);
            if (bytes.Length is > 100 and < 4_000)
            {
                bases.Add(WireTree.Parse(bytes, message.Descriptor));
            }
        }

        return new ProtoMutator(bases);
    }

    /// <summary>In words, for the log of a run.</summary>
    public string Describe() => $"{_bytes.Length} bases of {_bytes.Average(item => item.Length):F0} bytes";

    public byte[] Next(Random random)
    {
        var kind = random.Next(20);
        if (kind == 0)
        {
            var noise = new byte[random.Next(64)];
            random.NextBytes(noise);
            return noise;
        }

        var chosen = random.Next(bases.Count);
        var bytes = kind < 10 ? _bytes[chosen] : WireTree.Write(Fields(bases[chosen], random));
        return kind < 15 ? ByteMutator.Mutate(bytes, random) : bytes;
    }

    /// <summary>Wraps what is in a message into itself, by way of the fields that allow it, to around the limit of depth.</summary>
    private static void Deepen(WireNode node, int times)
    {
        ulong[]? way = node.Type?.Name switch
        {
            nameof(Theirs.AnyValue) => [0x2A, 0x0A], // array_value, values
            nameof(TheirOpAmp.ComponentHealth) => [0x32, 0x12], // component_health_map, value
            _ => null,
        };
        for (var i = 0; i < times && way is not null; i++)
        {
            node.Children = [new WireNode { Tag = way[0], Children = [new WireNode { Tag = way[1], Children = node.Children }] }];
        }
    }

    private List<WireNode> Fields(List<WireNode> tree, Random random)
    {
        tree = tree.ConvertAll(node => node.Clone());
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var all = WireTree.All(tree).ToArray();
            if (all.Length == 0)
            {
                break;
            }

            var (siblings, node) = all[random.Next(all.Length)];
            Field(siblings, node, random);
        }

        return tree;
    }

    private void Field(List<WireNode> siblings, WireNode node, Random random)
    {
        switch (random.Next(10))
        {
            case 0:
                siblings.Remove(node);
                break;
            case 1:
                siblings.Insert(random.Next(siblings.Count + 1), node.Clone());
                break;
            case 2:
                node.Tag = ((ulong)random.Next(0, 20) << 3) | (node.Tag & 7);
                break;
            case 3:
                node.Tag ^= (ulong)random.Next(8);
                break;
            case 4:
                long[] lies = [-1, 1, -node.Leaf.Length, 128, int.MaxValue, uint.MaxValue, 1L << 32, long.MinValue, random.Next(-300, 300)];
                node.Lie = lies[random.Next(lies.Length)];
                break;
            case 5:
                node.LengthPadding = random.Next(10);
                break;
            case 6:
                node.Children = null;
                node.Leaf = new byte[random.Next(3) * 8 + (random.Next(2) * random.Next(12))];
                random.NextBytes(node.Leaf);
                break;
            case 7:
                siblings.Insert(random.Next(siblings.Count + 1), new WireNode { Tag = node.Tag, Leaf = node.Leaf[..random.Next(node.Leaf.Length + 1)] });
                break;
            case 8:
                Deepen(node, random.Next(22, 33));
                break;
            default:
                var donor = _nodes[random.Next(_nodes.Length)];
                siblings.Insert(random.Next(siblings.Count + 1), donor[random.Next(donor.Length)].Node.Clone());
                break;
        }
    }
}

/// <summary>Damage that knows nothing of any format.</summary>
internal static class ByteMutator
{
    private static readonly byte[] Interesting = [0x00, 0x01, 0x07, 0x08, 0x0A, 0x0B, 0x12, 0x1A, 0x7F, 0x80, 0x85, 0xC0, 0xFF];

    public static byte[] Mutate(byte[] bytes, Random random)
    {
        var list = bytes.ToList();
        for (var i = random.Next(1, 4); i > 0 && list.Count > 0; i--)
        {
            var at = random.Next(list.Count);
            var count = Math.Min(random.Next(1, 9), list.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    list[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    list[at] = Interesting[random.Next(Interesting.Length)];
                    break;
                case 2:
                    list.Insert(at, Interesting[random.Next(Interesting.Length)]);
                    break;
                case 3:
                    list.RemoveRange(at, count);
                    break;
                case 4:
                    list.InsertRange(random.Next(list.Count), list.GetRange(at, count));
                    break;
                case 5:
                    list[at] += (byte)random.Next(-2, 3);
                    break;
                default:
                    list.RemoveRange(at, list.Count - at);
                    break;
            }
        }

        return [.. list];
    }
}
