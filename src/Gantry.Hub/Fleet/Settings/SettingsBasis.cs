using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet.Settings;

/// <summary>Connection settings but for what is one agent's own. The same object for as long as they are the same.</summary>
/// <param name="Accepts">Those capabilities that decide what is offered.</param>
/// <param name="Hash">Of all of it; agents that have it share the array.</param>
internal sealed record SettingsBasis(ConnectionSettingsConfig Config, AgentCapabilities Accepts, byte[] Hash)
{
    /// <summary>For rows: which settings went with a credential. Never 0.</summary>
    public long Mark { get; } = BinaryPrimitives.ReadInt64BigEndian(Hash) | 1;

    /// <summary>The hash of an offer of these settings with this credential. OpAMP leaves to the server how it is made; the agent only repeats it.</summary>
    public byte[] HashOf(string credential) => SHA256.HashData([.. Hash, .. Encoding.UTF8.GetBytes(credential)]);
}
