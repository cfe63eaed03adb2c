using Gantry.Protocol.Wire;
using Google.Protobuf.Reflection;

namespace Gantry.Protocol.Tests.Messages;

/// <summary>One field of a message that was taken apart: rearranged or damaged, then written again with lengths that are right (or not).</summary>
internal sealed class WireNode
{
    public required ulong Tag { get; set; }

    /// <summary>A varint's or fixed field's bytes, or the payload of a length-delimited one.</summary>
    public byte[] Leaf { get; set; } = [];

    /// <summary>The payload as fields, when it is a message that the descriptor knows.</summary>
    public List<WireNode>? Children { get; set; }

    public MessageDescriptor? Type { get; init; }

    /// <summary>Bytes that the length prefix takes, more than it needs.</summary>
    public int LengthPadding { get; set; }

    /// <summary>Added to the length that is right.</summary>
    public long Lie { get; set; }

    public WireType WireType => (WireType)(Tag & 7);

    public WireNode Clone() => new()
    {
        Tag = Tag,
        Leaf = Leaf,
        Type = Type,
        Children = Children?.ConvertAll(child => child.Clone()),
        LengthPadding = LengthPadding,
        Lie = Lie,
    };
}

internal static class WireTree
{
    public static List<WireNode> Parse(ReadOnlySpan<byte> data, MessageDescriptor? type)
    {
        var nodes = new List<WireNode>();
        var reader = new ProtoReader(data);
        while (reader.Next())
        {
            var tag = ((ulong)(uint)reader.Field << 3) | (uint)reader.WireType;
            var nested = reader.WireType == WireType.LengthDelimited ? type?.FindFieldByNumber(reader.Field) : null;
            if (nested?.FieldType == FieldType.Message)
            {
                nodes.Add(new WireNode { Tag = tag, Type = nested.MessageType, Children = Parse(reader.ReadBytes(), nested.MessageType) });
            }
            else if (reader.WireType == WireType.LengthDelimited)
            {
                nodes.Add(new WireNode { Tag = tag, Leaf = reader.ReadBytes().ToArray() });
            }
            else
            {
                var start = reader.Position;
                reader.Skip();
                nodes.Add(new WireNode { Tag = tag, Leaf = data[start..reader.Position].ToArray() });
            }
        }

        Assert.Equal(WireError.None, reader.Error);
        return nodes;
    }

    public static byte[] Write(List<WireNode> nodes)
    {
        var bytes = new List<byte>();
        foreach (var node in nodes)
        {
            Varint(bytes, node.Tag);
            if (node.WireType == WireType.LengthDelimited)
            {
                var payload = node.Children is null ? node.Leaf : Write(node.Children);
                Varint(bytes, (ulong)(payload.Length + node.Lie), node.LengthPadding);
                bytes.AddRange(payload);
            }
            else
            {
                bytes.AddRange(node.Leaf);
            }
        }

        return [.. bytes];
    }

    /// <summary>All nodes with the list each stands in.</summary>
    public static IEnumerable<(List<WireNode> Siblings, WireNode Node)> All(List<WireNode> nodes)
    {
        foreach (var node in nodes)
        {
            yield return (nodes, node);
            if (node.Children is not null)
            {
                foreach (var below in All(node.Children))
                {
                    yield return below;
                }
            }
        }
    }

    public static void Varint(List<byte> bytes, ulong value, int padding = 0)
    {
        while (value >= 0x80)
        {
            bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        for (; padding > 0; padding--)
        {
            bytes.Add((byte)(value | 0x80));
            value = 0;
        }

        bytes.Add((byte)value);
    }
}
