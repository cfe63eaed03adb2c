using System.Runtime.InteropServices;

namespace Gantry.Hub.Storage;

/// <summary>Bucket counts as a blob: eight bytes each, in the order of this machine (SQLite files stay on the machine that wrote them).</summary>
internal static class Blobs
{
    public static byte[] From(ulong[] counts) => MemoryMarshal.AsBytes<ulong>(counts).ToArray();

    public static ulong[] ToCounts(byte[] blob) => MemoryMarshal.Cast<byte, ulong>(blob).ToArray();
}
