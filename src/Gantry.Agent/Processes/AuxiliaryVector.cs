using System.Buffers.Binary;

namespace Gantry.Agent.Processes;

/// <summary>/proc/PID/auxv: pairs of a type and a value, each a word of the process (8 bytes, or 4 for a 32-bit program), the last of type 0.</summary>
internal static class AuxiliaryVector
{
    /// <summary>AT_SECURE of getauxval(3): 1 when the kernel gave the program rights that its caller has not (setuid, file capabilities).</summary>
    private const ulong Secure = 23;

    public static bool IsSecure(ReadOnlySpan<byte> text) => Find(text, 8) ?? Find(text, 4) ?? false;

    private static bool? Find(ReadOnlySpan<byte> text, int word)
    {
        for (var at = 0; at + (2 * word) <= text.Length; at += 2 * word)
        {
            if (Word(text[at..], word) == Secure)
            {
                return Word(text[(at + word)..], word) != 0;
            }
        }

        return null;
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int word) =>
        word == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
