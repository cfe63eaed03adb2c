using Gantry.Estate.Quality;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe.Quality;

/// <summary>Looks at the attributes of the first spans of each block of a request, for those that belong to a resource. For one request a second: the same
/// code writes them all.</summary>
internal struct SpanLevels(ObserveShard shard, ulong nowUnixNano) : IEnvelopeSink
{
    private const int Looked = 64;

    private ResourceEntry? _resource;
    private string? _misplaced;
    private int _seen;

    public bool Resource(ReadOnlySpan<byte> resource, ReadOnlySpan<byte> head)
    {
        _resource = shard.Resources.TryFind(resource);
        (_misplaced, _seen) = (null, 0);
        return true;
    }

    public readonly bool Scope(ReadOnlySpan<byte> scope, ReadOnlySpan<byte> head) => true;

    /// <summary>Span: attributes = 9.</summary>
    public bool Item(ReadOnlySpan<byte> item)
    {
        if (_resource is null || _misplaced is not null || _seen++ >= Looked)
        {
            return true;
        }

        var reader = new ProtoReader(item);
        while (reader.Next())
        {
            if (reader.Tag is not (9, WireType.LengthDelimited))
            {
                reader.Skip();
                continue;
            }

            var key = AttributePair.KeyOf(reader.ReadBytes());
            if (AttributeLevels.IsResourceOnly(key))
            {
                _misplaced = System.Text.Encoding.UTF8.GetString(key);
            }
        }

        return true;
    }

    public readonly void EndScope(ReadOnlySpan<byte> tail)
    {
    }

    public readonly void EndResource(ReadOnlySpan<byte> tail)
    {
        if (_resource is { Source.Service: not 0 } resource && _seen > 0)
        {
            shard.Quality.Facts.See(resource.Source.Service, QualityChecks.SpanLevel, 0, _misplaced is null ? 0u : 1, nowUnixNano, $"{_misplaced} in a span");
        }
    }
}
