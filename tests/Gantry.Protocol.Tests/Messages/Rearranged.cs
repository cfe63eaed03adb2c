using Gantry.Protocol.Wire;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gantry.Protocol.Tests.Messages;

/// <summary>
/// Writes a message as no SDK does and every parser must read: fields in any order, messages in two pieces, fields twice, unknown fields, known
/// numbers with foreign wire types, lists packed and not, numbers and lengths longer than need be. What it means is what the oracle reads.
/// </summary>
internal static class Rearranged
{
    public static byte[] Bytes(IMessage message, Random random)
    {
        var nodes = WireTree.Parse(message.ToByteArray(), message.Descriptor);
        Level(nodes, message.Descriptor, random);
        return WireTree.Write(nodes);
    }

    private static void Level(List<WireNode> nodes, MessageDescriptor type, Random random)
    {
        foreach (var node in nodes.ToArray())
        {
            if (node.Children is not null)
            {
                Level(node.Children, node.Type!, random);
                Split(nodes, node, random);
            }
            else
            {
                Repack(nodes, node, type.FindFieldByNumber((int)(node.Tag >> 3)), random);
            }

            if (node.WireType == WireType.LengthDelimited && random.Next(6) == 0)
            {
                node.LengthPadding = random.Next(4);
            }
            else if (node.WireType == WireType.Varint && random.Next(6) == 0)
            {
                node.Leaf = Pad(node.Leaf, random);
            }
        }

        if (random.Next(4) == 0)
        {
            nodes.Add(Unknown(type, random));
        }

        if (nodes.Count > 1 && random.Next(3) == 0)
        {
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(nodes));
        }
    }

    /// <summary>A message that comes in two pieces is merged, when it is not repeated; else it is two, which is right as well.</summary>
    private static void Split(List<WireNode> nodes, WireNode node, Random random)
    {
        if (random.Next(8) == 0)
        {
            var cut = random.Next(node.Children!.Count + 1);
            nodes.Add(new WireNode { Tag = node.Tag, Type = node.Type, Children = node.Children[cut..] });
            node.Children = node.Children[..cut];
        }
    }

    private static void Repack(List<WireNode> nodes, WireNode node, FieldDescriptor? field, Random random)
    {
        if (field is null || random.Next(3) != 0)
        {
            return;
        }

        if (!field.IsRepeated)
        {
            // The same field twice: the last one counts.
            nodes.Insert(0, node.Clone());
            return;
        }

        var fixedSize = field.FieldType is FieldType.Fixed64 or FieldType.Double;
        if (node.WireType != WireType.LengthDelimited || !(fixedSize || field.FieldType == FieldType.UInt64))
        {
            return;
        }

        var at = 0;
        while (at < node.Leaf.Length)
        {
            var end = fixedSize ? at + 8 : Array.FindIndex(node.Leaf, at, b => b < 0x80) + 1;
            nodes.Add(new WireNode { Tag = ((ulong)field.FieldNumber << 3) | (fixedSize ? 1UL : 0), Leaf = node.Leaf[at..end] });
            at = end;
        }

        node.Leaf = random.Next(2) == 0 ? [] : node.Leaf;
    }

    private static WireNode Unknown(MessageDescriptor type, Random random)
    {
        int[] numbers = [random.Next(1, 20), random.Next(1, 2000), 536_870_911];
        var number = numbers[random.Next(3)];
        var known = type.FindFieldByNumber(number);
        WireType[] types = [WireType.Varint, WireType.Fixed64, WireType.LengthDelimited, WireType.Fixed32];
        var wireType = known is null ? types[random.Next(4)] : Foreign(known.FieldType);
        var leaf = new byte[wireType switch { WireType.Fixed64 => 8, WireType.Fixed32 => 4, WireType.Varint => 1, _ => random.Next(200) }];
        random.NextBytes(leaf);
        return new WireNode { Tag = ((ulong)number << 3) | (uint)wireType, Leaf = wireType == WireType.Varint ? Pad([(byte)(leaf[0] & 0x7F)], random) : leaf };
    }

    /// <summary>A wire type that no parser takes for this field, packed or not.</summary>
    private static WireType Foreign(FieldType type) =>
        type is FieldType.Fixed32 ? WireType.Varint : WireType.Fixed32;

    private static byte[] Pad(byte[] varint, Random random)
    {
        var padded = varint.ToList();
        for (var i = random.Next(11 - varint.Length); i > 0; i--)
        {
            padded[^1] |= 0x80;
            padded.Add(0);
        }

        return [.. padded];
    }
}
