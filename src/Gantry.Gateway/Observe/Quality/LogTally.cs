using Gantry.Estate.Quality;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe.Quality;

/// <summary>What log records of one resource block say of their severity, and at what level the attributes of the first of them stand.</summary>
internal struct LogTally
{
    /// <summary>Records of a block whose attributes are looked at: the same code wrote them all.</summary>
    private const int Looked = 8;

    private uint _seen;
    private uint _unset;
    private uint _debug;
    private string? _misplaced;

    /// <summary>LogRecord: severity_number = 2, severity_text = 3, attributes = 6.</summary>
    public void See(ReadOnlySpan<byte> record)
    {
        var (number, isDebug) = (0UL, false);
        var looks = _seen++ < Looked;
        var reader = new ProtoReader(record);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case (2, WireType.Varint):
                    number = reader.ReadVarint();
                    break;
                case (3, WireType.LengthDelimited):
                    isDebug = System.Text.Ascii.EqualsIgnoreCase(reader.ReadBytes(), "DEBUG"u8);
                    break;
                case (6, WireType.LengthDelimited) when looks && _misplaced is null:
                    Look(reader.ReadBytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // SEVERITY_NUMBER_DEBUG to DEBUG4.
        _debug += isDebug || number is >= 5 and <= 8 ? 1u : 0;
        _unset += number == 0 ? 1u : 0;
    }

    public readonly void AddTo(FactTable facts, uint service, ulong nowUnixNano)
    {
        if (_seen == 0)
        {
            return;
        }

        facts.See(service, QualityChecks.Severity, _seen, _unset, nowUnixNano);
        facts.See(service, QualityChecks.Debug, _seen, _debug, nowUnixNano);
        facts.See(service, QualityChecks.Level, 0, _misplaced is null ? 0u : 1, nowUnixNano, $"{_misplaced} in a log record");
    }

    private void Look(ReadOnlySpan<byte> pair)
    {
        var key = AttributePair.KeyOf(pair);
        if (AttributeLevels.IsResourceOnly(key))
        {
            _misplaced = System.Text.Encoding.UTF8.GetString(key);
        }
    }
}
