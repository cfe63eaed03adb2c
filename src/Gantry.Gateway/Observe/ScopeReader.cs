using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>InstrumentationScope: name = 1, version = 2.</summary>
internal static class ScopeReader
{
    public static ScopeSeen Read(ReadOnlySpan<byte> scope, Signal signal)
    {
        var seen = new ScopeSeen { Signal = signal };
        var reader = new ProtoReader(scope);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case (1, WireType.LengthDelimited):
                    seen.Name = reader.ReadString();
                    break;
                case (2, WireType.LengthDelimited):
                    seen.Version = reader.ReadString();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return seen;
    }
}
