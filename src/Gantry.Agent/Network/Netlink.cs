using System.Runtime.InteropServices;
using Gantry.Agent.Host;

namespace Gantry.Agent.Network;

/// <summary>The calls that sockets of the kernel's diagnostics need. A failure is a number, as in <see cref="Libc"/>.</summary>
internal static partial class Netlink
{
    public const int NoBufferSpace = 105;

    private const int Family = 16;
    private const int SockDiag = 4;

    /// <summary>SKNLGRP_INET_TCP_DESTROY (1) and SKNLGRP_INET6_TCP_DESTROY (3), a bit each (linux/sock_diag.h).</summary>
    private const uint DestroyGroups = 0b101;

    /// <returns>A descriptor to close, or -1.</returns>
    public static int OpenDump()
    {
        var descriptor = Open();
        // A kernel that does not answer must not hold the agent: five seconds.
        ReadOnlySpan<long> timeout = [5, 0];
        if (descriptor >= 0)
        {
            _ = SetOption(descriptor, Socket, ReceiveTimeout, MemoryMarshal.AsBytes(timeout), 16);
        }

        return descriptor;
    }

    /// <summary>A socket that is told of every TCP socket that is destroyed, with its last counters.</summary>
    /// <returns>A descriptor to close, or -1.</returns>
    public static int OpenDestroyed(int bufferBytes)
    {
        var descriptor = Open();
        Span<byte> address = stackalloc byte[12];
        address.Clear();
        MemoryMarshal.Write(address, (ushort)Family);
        MemoryMarshal.Write(address[8..], DestroyGroups);
        if (descriptor >= 0 && Bind(descriptor, address, address.Length) < 0)
        {
            _ = Libc.Close(descriptor);
            return -1;
        }

        // Beyond the host's limit with CAP_NET_ADMIN, else up to it.
        ReadOnlySpan<int> size = [bufferBytes];
        if (descriptor >= 0 && SetOption(descriptor, Socket, ReceiveBufferForce, MemoryMarshal.AsBytes(size), 4) < 0)
        {
            _ = SetOption(descriptor, Socket, ReceiveBuffer, MemoryMarshal.AsBytes(size), 4);
        }

        return descriptor;
    }

    public static bool TrySend(int descriptor, ReadOnlySpan<byte> message) => SendCore(descriptor, message, (nuint)message.Length, 0) == message.Length;

    /// <returns>Bytes, 0 for nothing to wait for, -1 on failure: see <see cref="Libc.LastError"/>.</returns>
    public static int Receive(int descriptor, Span<byte> buffer, bool mayWait)
    {
        const int DontWait = 0x40;
        nint read;
        do
        {
            read = ReceiveCore(descriptor, buffer, (nuint)buffer.Length, mayWait ? 0 : DontWait);
        }
        while (read < 0 && Libc.LastError == Libc.Interrupted);

        return (int)read;
    }

    /// <summary>Waits until one of them has something to read.</summary>
    /// <param name="descriptors">struct pollfd: descriptor (4), events (2), revents (2).</param>
    public static bool Poll(Span<PollDescriptor> descriptors, int milliseconds) => PollCore(descriptors, (nuint)descriptors.Length, milliseconds) > 0;

    /// <summary>Puts the calling thread, for the rest of its life, into another network namespace. It needs CAP_SYS_ADMIN.</summary>
    public static bool TryEnter(int namespaceDescriptor)
    {
        const int NetworkNamespace = 0x40000000;
        return EnterCore(namespaceDescriptor, NetworkNamespace) == 0;
    }

    private const int Socket = 1;
    private const int ReceiveBuffer = 8;
    private const int ReceiveTimeout = 20;
    private const int ReceiveBufferForce = 33;

    private static int Open()
    {
        const int RawCloseOnExec = 3 | 0x80000;
        return OpenCore(Family, RawCloseOnExec, SockDiag);
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenCore(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int descriptor, ReadOnlySpan<byte> address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int descriptor, int level, int option, ReadOnlySpan<byte> value, int length);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint SendCore(int descriptor, ReadOnlySpan<byte> message, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint ReceiveCore(int descriptor, Span<byte> buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollCore(Span<PollDescriptor> descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int EnterCore(int descriptor, int kind);
}

[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    public int Descriptor;
    public short Events;
    public short Returned;
}
