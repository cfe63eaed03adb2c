using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Gantry.Hub.Storage;

/// <summary>Bucket counts as a blob: eight bytes each, the least first.</summary>
internal static class Blobs
{
    public static byte[] From(ulong[] counts) => MemoryMarshal.AsBytes<ulong>(LittleEndian(counts)).ToArray();

    public static ulong[] ToCounts(byte[] blob) => LittleEndian(MemoryMarshal.Cast<byte, ulong>(blob).ToArray());

    private static ulong[] LittleEndian(ulong[] counts) => BitConverter.IsLittleEndian ? counts : [.. counts.Select(BinaryPrimitives.ReverseEndianness)];
}
